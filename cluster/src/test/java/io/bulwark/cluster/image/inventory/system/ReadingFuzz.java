package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.ImageFile;
import io.bulwark.cluster.image.layer.TarFuzz;
import io.bulwark.cluster.image.layer.TestLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Feeds changed inputs to the readers of archives and package databases. A reader may find
 * something or fail with an IOException; anything else, and any input that takes longer than five
 * seconds, ends the run and names the seed.
 */
public final class ReadingFuzz {
  private static final long LONGEST_NANOS = 5_000_000_000L;

  /** A reader under test. */
  interface Reader {
    void read(byte[] input) throws IOException;
  }

  private ReadingFuzz() {}

  /**
   * @param arguments the reader, then how many inputs, ten million by default, then the first seed
   */
  public static void main(String[] arguments) throws Exception {
    long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : 10_000_000;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
    System.out.println(run(arguments[0], count, seed));
  }

  /** Runs one reader; returns a line that says what happened. */
  static String run(String reader, long count, long seed) throws Exception {
    byte[] whole = seedInput(reader);
    Reader under = reader(reader);
    long refused = 0;
    long slowest = 0;
    for (long i = 0; i < count; i++) {
      byte[] input = changed(whole, new Random(seed + i));
      long begun = System.nanoTime();
      try {
        under.read(input);
      } catch (IOException expected) {
        refused++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError broken) {
        throw new AssertionError(reader + " broke on seed " + (seed + i), broken);
      }
      long took = System.nanoTime() - begun;
      slowest = Math.max(slowest, took);
      if (took > LONGEST_NANOS) {
        throw new AssertionError(
            reader + " took " + took / 1_000_000 + " ms on seed " + (seed + i));
      }
    }
    return "%s: %d inputs, %d refused, slowest %.1f ms"
        .formatted(reader, count, refused, slowest / 1e6);
  }

  private static byte[] changed(byte[] whole, Random random) {
    byte[] input =
        random.nextInt(8) == 0
            ? Arrays.copyOf(whole, random.nextInt(whole.length + 1))
            : whole.clone();
    int changes = random.nextInt(12);
    for (int i = 0; i < changes && input.length > 0; i++) {
      int range = random.nextBoolean() ? input.length : Math.min(600, input.length);
      int at = random.nextInt(range);
      switch (random.nextInt(4)) {
        case 0 -> input[at] = (byte) random.nextInt(256);
        case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(input, at, Math.min(at + 4, input.length), (byte) 0xFF);
        default -> {
          int length = Math.min(1 + random.nextInt(16), input.length - at);
          int from = random.nextInt(input.length - length + 1);
          System.arraycopy(input, from, input, at, length);
        }
      }
    }
    return input;
  }

  private static byte[] seedInput(String reader) throws Exception {
    List<byte[]> headers =
        List.of(
            RpmFiles.header("bash", "5.2", "1.el9", 1, 40),
            RpmFiles.header("large", "1", "2", 0, 9_000));
    return switch (reader) {
      case "tar" ->
          new TestLayer()
              .directory("etc")
              .file("etc/a", "content")
              .file("x".repeat(300), "long")
              .hardLink("b", "etc/a")
              .symbolicLink("c", "../d")
              .tar();
      case "dpkg" ->
          "Package: a\nStatus: install ok installed\nVersion: 1:2-3\nSource: b (4)\n\n"
              .repeat(8)
              .getBytes(StandardCharsets.UTF_8);
      case "apk" -> "P:a\nV:1-r0\nA:x\no:b\n\n".repeat(12).getBytes(StandardCharsets.UTF_8);
      case "sqlite" -> {
        Path file = Files.createTempFile("fuzz", ".sqlite");
        try {
          yield RpmFiles.sqlite(file, headers);
        } finally {
          Files.deleteIfExists(file);
        }
      }
      case "ndb" -> RpmFiles.ndb(headers);
      case "berkeley" -> RpmFiles.berkeley(headers, ByteOrder.LITTLE_ENDIAN);
      default -> throw new IllegalArgumentException("no reader " + reader);
    };
  }

  private static Reader reader(String name) {
    return switch (name) {
      case "tar" -> TarFuzz::read;
      case "dpkg" -> input -> catalog(new DpkgCataloger(), input);
      case "apk" -> input -> catalog(new ApkCataloger(), input);
      default -> input -> catalog(new RpmCataloger(), input);
    };
  }

  private static void catalog(Cataloger cataloger, byte[] input) throws IOException {
    cataloger.catalog(new Bytes(input));
  }

  private record Bytes(byte[] content) implements ImageFile {
    @Override
    public String path() {
      return "/database";
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public boolean executable() {
      return false;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public Distribution distribution() {
      return Distribution.UNKNOWN;
    }
  }
}
