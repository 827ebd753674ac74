package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Damaged and hostile bytes make an {@link IOException} or nothing, in every cataloger. */
class HostileInputTest {
  private static final byte[] JAR =
      Archives.begin()
          .manifest("Implementation-Title: x", "Implementation-Version: 1")
          .pom("g", "a", "1")
          .file("lib/b-1.0.jar", Archives.begin().pom("g", "b", "2").bytes())
          .stored("lib/c-1.0.jar", Archives.begin().pom("g", "c", "3").bytes())
          .file("a/b/C.class", "x")
          .bytes();
  private static final String MODULES = "path\tx\nmod\tx\tv1\ndep\ty\tv2\n=>\tz\tv3\n";
  private static final Map<String, byte[]> SAMPLES =
      Map.ofEntries(
          Map.entry("/app.jar", JAR),
          Map.entry("/java/release", text("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.1\"\n")),
          Map.entry("/node_modules/a/package.json", text("{\"name\":\"a\",\"version\":\"1.0\"}")),
          Map.entry(
              "/package-lock.json",
              text(
                  "{\"packages\":{\"node_modules/a\":{\"version\":\"1\",\"dev\":false}},\"b\":[1]}")),
          Map.entry(
              "/yarn.lock", text("\"@a/b@^1\":\n  version \"1.2\"\n  resolution: \"x@npm:1\"\n")),
          Map.entry("/pnpm-lock.yaml", text("packages:\n  /a@1.0(b@2):\n    dev: true\n")),
          Map.entry("/a.dist-info/METADATA", text("Name: a\nVersion: 1.0\n\nrest")),
          Map.entry("/requirements.txt", text("a==1.0 ; x\nb[c]==2\n")),
          Map.entry(
              "/Cargo.lock",
              text("[[package]]\nname = \"a\"\nversion = \"1\"\nsource = \"registry+\"\n")),
          Map.entry(
              "/bin/go",
              Programs.elf(
                  ByteOrder.LITTLE_ENDIAN,
                  true,
                  ".go.buildinfo",
                  Programs.inline("go1.2", MODULES))),
          Map.entry(
              "/bin/old",
              Programs.elf(
                  ByteOrder.BIG_ENDIAN,
                  false,
                  ".go.buildinfo",
                  Programs.pointers(ByteOrder.BIG_ENDIAN, false, "go1.2", MODULES))),
          Map.entry("/bin/a.exe", Programs.pe(".data", Programs.inline("go1.2", MODULES))),
          Map.entry("/bin/mac", Programs.mach("__go_buildinfo", Programs.inline("go1.2", MODULES))),
          Map.entry(
              "/bin/rust",
              Programs.elf(
                  ByteOrder.LITTLE_ENDIAN,
                  true,
                  ".dep-v0",
                  Programs.audit("{\"packages\":[{\"name\":\"a\",\"version\":\"1.0.0\"}]}"))));

  private final List<Cataloger> catalogers = LanguageCatalogers.all(sha1 -> null);

  @Property(tries = 1500)
  void mutationsOfSamplesAreBorne(@ForAll long seed) {
    Random random = new Random(seed);
    SAMPLES.forEach((path, sample) -> bear(path, mutated(sample, random)));
  }

  @Property(tries = 300)
  void noiseIsBorne(@ForAll byte[] noise) {
    SAMPLES.keySet().forEach(path -> bear(path, noise));
  }

  private void bear(String path, byte[] bytes) {
    for (Cataloger cataloger : catalogers) {
      if (cataloger.reads(path)) {
        try {
          cataloger.catalog(new MemoryFile(path, bytes));
        } catch (IOException refused) {
          // One of the two things that may happen.
        }
      }
    }
  }

  private static byte[] mutated(byte[] sample, Random random) {
    byte[] bytes = sample.clone();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = (byte) 0xff;
        default -> {
          int from = random.nextInt(bytes.length);
          int length = random.nextInt(Math.min(32, bytes.length - Math.max(at, from)) + 1);
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return random.nextInt(4) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
        : bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
