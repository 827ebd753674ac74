package io.bulwark.cluster.apiserver.audit;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.Component;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes audit events to {@code audit.log}, one JSON document a line, in the background. A full
 * queue makes requests wait; events that the disk refuses are counted and said in the log of the
 * process. Files are readable by their owner only; five old ones of 100 MB are kept.
 *
 * <p>Thread-safe.
 */
public final class AuditLog implements Component {
  private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());
  private static final int QUEUE = 10_000;
  private static final int BATCH = 1_000;
  private static final long FILE_BYTES = 100L << 20;
  private static final int OLD_FILES = 5;

  /** Comes after the last event; no event is empty. */
  private static final Tree END = new Tree();

  private final Path file;
  private final BlockingQueue<Tree> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer;
  private final long fileBytes;
  private volatile boolean closing;

  /**
   * @param directory made with mode 0700 where it is missing
   */
  public AuditLog(Path directory) {
    this(directory, FILE_BYTES);
  }

  /**
   * @param fileBytes size from which a file is put aside
   */
  AuditLog(Path directory, long fileBytes) {
    this.fileBytes = fileBytes;
    this.file = directory.resolve("audit.log");
    this.writer = Thread.ofVirtual().name("audit").unstarted(this::write);
  }

  @Override
  public void start() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    writer.start();
  }

  /** Hands an event over; waits while the queue is full. */
  public void record(Tree event) {
    try {
      if (!closing) {
        queue.put(event);
      }
    } catch (InterruptedException ended) {
      lost.incrementAndGet();
      Thread.currentThread().interrupt();
    }
  }

  /** Events that could not be written since the start. */
  public long lost() {
    return lost.get();
  }

  private void write() {
    List<Tree> batch = new ArrayList<>(BATCH);
    OutputStream out = null;
    try {
      boolean ended = false;
      while (!ended) {
        batch.add(queue.take());
        queue.drainTo(batch, BATCH - 1);
        ended = batch.removeIf(Tree::isEmpty);
        if (!batch.isEmpty()) {
          out = append(out, batch);
          batch.clear();
        }
      }
    } catch (InterruptedException ended) {
      lost.addAndGet(queue.size() + (long) batch.size());
    } finally {
      close(out);
    }
  }

  private @Nullable OutputStream append(@Nullable OutputStream open, List<Tree> batch) {
    OutputStream out = open;
    try {
      if (out != null && Files.size(file) > fileBytes) {
        close(out);
        out = null;
        rotate();
      }
      if (out == null) {
        out = open();
      }
      java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream(batch.size() * 512);
      for (Tree event : batch) {
        bytes.write(Json.write(event));
        bytes.write('\n');
      }
      bytes.writeTo(out);
      return out;
    } catch (IOException refused) {
      long total = lost.addAndGet(batch.size());
      LOG.log(
          System.Logger.Level.ERROR,
          "audit events lost so far: {0}: {1}",
          total,
          refused.getMessage());
      close(out);
      return null;
    }
  }

  private OutputStream open() throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  private void rotate() throws IOException {
    for (int i = OLD_FILES; i > 0; i--) {
      Path older = file.resolveSibling("audit-" + i + ".log");
      Path newer = i == 1 ? file : file.resolveSibling("audit-" + (i - 1) + ".log");
      if (Files.exists(newer)) {
        Files.move(newer, older, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void close(@Nullable OutputStream out) {
    if (out != null) {
      try {
        out.close();
      } catch (IOException alreadyWritten) {
        LOG.log(System.Logger.Level.DEBUG, "audit log: {0}", alreadyWritten.getMessage());
      }
    }
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    closing = true;
    try {
      if (writer.isAlive()) {
        queue.put(END);
      }
      writer.join();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
