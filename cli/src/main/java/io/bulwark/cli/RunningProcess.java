package io.bulwark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The process of a cluster, as {@code run/bulwark.pid} names it: process id and start time, so that
 * another process which got the same id later is never taken for ours.
 */
final class RunningProcess {
  private final Path file;

  RunningProcess(Path dataDirectory) {
    this.file = dataDirectory.resolve("run/bulwark.pid");
  }

  void record(ProcessHandle process) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, process.pid() + "\n" + started(process) + "\n");
  }

  void forget() throws IOException {
    Files.deleteIfExists(file);
  }

  /** The live process, if there is one. */
  Optional<ProcessHandle> find() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException absent) {
      return Optional.empty();
    }
    if (lines.size() < 2 || !lines.getFirst().matches("\\d{1,9}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(lines.getFirst()))
        .filter(process -> process.isAlive() && started(process).equals(lines.get(1)));
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }
}
