package io.bulwark.cluster.node.agent;

import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Keeps each container's logs below 10 MiB a file and five files: {@code 0.log}, {@code
 * 0.log.20260102-030405} and older ones compressed.
 */
public final class LogRotation {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ContainerRuntime runtime;
  private final InstantSource clock;
  private final long largest;
  private final int most;

  /**
   * @param largest bytes of one file
   * @param most files of one container, the present one included
   */
  public LogRotation(ContainerRuntime runtime, InstantSource clock, long largest, int most) {
    this.runtime = runtime;
    this.clock = clock;
    this.largest = largest;
    this.most = most;
  }

  public static LogRotation standard(ContainerRuntime runtime, InstantSource clock) {
    return new LogRotation(runtime, clock, 10L << 20, 5);
  }

  /**
   * Rotates a running container's log if it is too large.
   *
   * @throws IOException if files cannot be moved
   */
  public void rotate(ContainerState container, Path log) throws IOException {
    if (!Files.exists(log) || Files.size(log) < largest) {
      return;
    }
    Path directory = java.util.Objects.requireNonNull(log.getParent());
    String name = String.valueOf(log.getFileName());
    List<Path> older = older(directory, name);
    for (Path path : older.subList(0, Math.max(0, older.size() - (most - 2)))) {
      Files.deleteIfExists(path);
    }
    for (Path path : older(directory, name)) {
      if (!path.toString().endsWith(".gz")) {
        compress(path);
      }
    }
    Path moved = directory.resolve(name + "." + STAMP.format(clock.instant()));
    Files.move(log, moved);
    try {
      runtime.reopenLog(container.id());
    } catch (RuntimeFailure refused) {
      Files.move(moved, log);
      throw new IOException(refused);
    }
  }

  private static List<Path> older(Path directory, String name) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> String.valueOf(path.getFileName()).startsWith(name + "."))
          .sorted()
          .toList();
    }
  }

  private static void compress(Path path) throws IOException {
    Path partial = path.resolveSibling(path.getFileName() + ".tmp");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(partial))) {
      Files.copy(path, out);
    }
    Files.move(
        partial, path.resolveSibling(path.getFileName() + ".gz"), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(path);
  }
}
