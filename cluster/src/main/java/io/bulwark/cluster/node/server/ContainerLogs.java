package io.bulwark.cluster.node.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log file in CRI's format: {@code TIME STREAM TAG CONTENT}, where the tag {@code P} says
 * that the line goes on in the next entry. Follows a file that is rotated away.
 *
 * <p>Source: the log format of the container runtime interface.
 */
final class ContainerLogs {
  private static final Duration POLL = Duration.ofMillis(150);
  private static final int BLOCK = 64 * 1024;

  private final PodDirectory.Log log;
  private final LogOptions options;
  private final OutputStream out;
  private final BooleanSupplier stopped;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
  private long left;
  private boolean within;

  private ContainerLogs(
      PodDirectory.Log log, LogOptions options, OutputStream out, BooleanSupplier stopped) {
    this.log = log;
    this.options = options;
    this.out = out;
    this.stopped = stopped;
    this.left = options.limitBytes() < 0 ? Long.MAX_VALUE : options.limitBytes();
  }

  /**
   * Writes the wanted part of a log. With {@code follow} it returns when the container has ended or
   * {@code stopped} says so. Blocks.
   */
  static void copy(
      PodDirectory.Log log, LogOptions options, OutputStream out, BooleanSupplier stopped)
      throws IOException {
    new ContainerLogs(log, options, out, stopped).run();
  }

  private void run() throws IOException {
    boolean first = true;
    while (left > 0 && !stopped.getAsBoolean()) {
      boolean running = options.follow() && log.running().getAsBoolean();
      boolean rotated = false;
      Object key = key(log.file());
      try (FileChannel file = FileChannel.open(log.file())) {
        if (!Objects.equals(key, key(log.file()))) {
          continue;
        }
        if (first && options.tailLines() >= 0) {
          file.position(tail(file, options.tailLines()));
        }
        first = false;
        rotated = file(file, key);
      } catch (NoSuchFileException notYet) {
        if (!running) {
          return;
        }
        pause();
        continue;
      }
      if (!rotated) {
        return;
      }
    }
  }

  /** Reads one file to its end; whether another file has taken its place. */
  private boolean file(FileChannel file, @Nullable Object key) throws IOException {
    while (left > 0 && !stopped.getAsBoolean()) {
      boolean running = options.follow() && log.running().getAsBoolean();
      boolean replaced = options.follow() && !Objects.equals(key, key(log.file()));
      boolean any = available(file);
      flush();
      if (any) {
        continue;
      }
      if (replaced && key(log.file()) != null) {
        return true;
      }
      if (!running) {
        return false;
      }
      if (file.position() > file.size()) {
        file.position(0);
      }
      pause();
    }
    return false;
  }

  private static @Nullable Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(POLL); // a file that grows tells nobody, and a rotated one least of all
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException().initCause(stop);
    }
  }

  private boolean available(FileChannel file) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    boolean any = false;
    while (left > 0 && !stopped.getAsBoolean() && file.read(block) > 0) {
      any = true;
      block.flip();
      while (block.hasRemaining() && left > 0) {
        byte next = block.get();
        if (next == '\n') {
          entry(line.toByteArray());
          line.reset();
        } else {
          line.write(next);
        }
      }
      flush();
      block.clear();
    }
    return any;
  }

  private void entry(byte[] entry) throws IOException {
    int time = space(entry, 0);
    int stream = space(entry, time + 1);
    int tag = space(entry, stream + 1);
    if (time < 0 || stream < 0 || tag < 0) {
      return;
    }
    String name = text(entry, time + 1, stream);
    boolean wanted = options.stream().equals("All") || options.stream().equalsIgnoreCase(name);
    Instant since = options.since();
    if (!wanted || (since != null && before(text(entry, 0, time), since))) {
      return;
    }
    if (options.timestamps() && !within) {
      write(entry, 0, time + 1);
    }
    write(entry, tag + 1, entry.length - tag - 1);
    within = entry[stream + 1] == 'P';
    if (!within) {
      write(new byte[] {'\n'}, 0, 1);
    }
  }

  private static int space(byte[] entry, int from) {
    for (int i = Math.max(0, from); i < entry.length; i++) {
      if (entry[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private static String text(byte[] entry, int from, int to) {
    return new String(entry, from, to - from, StandardCharsets.US_ASCII);
  }

  private static boolean before(String time, Instant since) {
    try {
      return java.time.OffsetDateTime.parse(time).toInstant().isBefore(since);
    } catch (DateTimeParseException malformed) {
      return false;
    }
  }

  private void write(byte[] bytes, int offset, int length) throws IOException {
    int part = (int) Math.min(length, left);
    batch.write(bytes, offset, part);
    left -= part;
    if (batch.size() >= BLOCK) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (batch.size() > 0) {
      out.write(batch.toByteArray());
      batch.reset();
    }
  }

  /** Where the last lines of a file begin. */
  private static long tail(FileChannel file, long lines) throws IOException {
    long end = file.size();
    if (lines == 0) {
      return end;
    }
    long found = 0;
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long from = end; from > 0; ) {
      int size = (int) Math.min(BLOCK, from);
      from -= size;
      block.clear().limit(size);
      while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {
        continue;
      }
      for (int i = size - 1; i >= 0; i--) {
        if (block.get(i) == '\n' && from + i < end - 1 && ++found == lines) {
          return from + i + 1;
        }
      }
    }
    return 0;
  }
}
