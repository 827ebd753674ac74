package io.bulwark.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The process of a cluster, as {@code run/bulwark.pid} names it: process id and start time, so that
 * another process which got the same id later is never taken for ours.
 */
final class RunningProcess {
  /** A channel that nobody refers to is closed by the collector, and its lock is gone. */
  private static final Set<FileChannel> CLAIMS = ConcurrentHashMap.newKeySet();

  /** Whoever may read a file can keep others from locking it. */
  private static final FileAttribute<?> OWNERS_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final Path run;
  private final Path file;
  private final Path lock;

  RunningProcess(Path dataDirectory) {
    this.directory = dataDirectory;
    this.run = dataDirectory.resolve("run");
    this.file = run.resolve("bulwark.pid");
    this.lock = run.resolve("bulwark.lock");
  }

  /**
   * Takes the directory for this process as long as it lives.
   *
   * @throws Refusal if another process has it
   */
  void claim() throws IOException {
    Files.createDirectories(run);
    FileChannel channel = lock();
    if (channel == null) {
      throw new Refusal(
          find()
              .map(process -> "already running as process " + process.pid())
              .orElse("already starting")
              .concat("; stop it with: bulwark down --data-dir " + directory));
    }
    CLAIMS.add(channel);
    record(ProcessHandle.current());
  }

  /** Whether a process has the directory, even one that is only starting. */
  boolean claimed() throws IOException {
    if (!Files.isDirectory(run)) {
      return false;
    }
    try (FileChannel channel = lock()) {
      return channel == null;
    }
  }

  /** The file with the lock held, or null where another has it. */
  private @Nullable FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNERS_ONLY);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException ours) {
      // Another part of this process has it.
    }
    channel.close();
    return null;
  }

  void record(ProcessHandle process) throws IOException {
    Files.createDirectories(run);
    Files.writeString(file, process.pid() + "\n" + started(process) + "\n");
  }

  /** Removes the record, unless it is another live process's. */
  void forget() throws IOException {
    if (find().filter(other -> other.pid() != ProcessHandle.current().pid()).isEmpty()) {
      Files.deleteIfExists(file);
    }
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
