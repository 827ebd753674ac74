package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.platform.http.Outgoing;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Leads a streamed response to a reader in the same process. The writer never blocks: it is told
 * how much waits, and gives up on a reader that is too slow, as it does with a socket.
 */
final class Pipe extends InputStream implements Outgoing.Sink {
  private static final long DRAINED = 64 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Outgoing.Slice> waiting = new ArrayDeque<>();
  private long bytes;
  private int consumed;
  private boolean ended;
  private boolean closed;
  private @Nullable AutoCloseable source;

  /** Says what to close when the reader goes away. */
  void from(AutoCloseable producer) {
    boolean late;
    lock.lock();
    try {
      source = producer;
      late = closed;
    } finally {
      lock.unlock();
    }
    if (late) {
      stop(producer);
    }
  }

  @Override
  public long write(List<Outgoing.Slice> slices) {
    lock.lock();
    try {
      if (closed || ended) {
        return 0;
      }
      for (Outgoing.Slice slice : slices) {
        if (slice.length() > 0) {
          waiting.add(slice);
          bytes += slice.length();
        }
      }
      changed.signalAll();
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitDrained() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && bytes > DRAINED) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          throw new IOException("the stream is closed");
        }
        if (ended) {
          return -1;
        }
        await();
      }
      return take(target, offset, length);
    } finally {
      lock.unlock();
    }
  }

  private void await() throws InterruptedIOException {
    try {
      changed.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the stream");
    }
  }

  private int take(byte[] target, int offset, int length) {
    Outgoing.Slice slice = waiting.element();
    int count = Math.min(length, slice.length() - consumed);
    System.arraycopy(slice.bytes(), slice.offset() + consumed, target, offset, count);
    consumed += count;
    bytes -= count;
    if (consumed == slice.length()) {
      waiting.remove();
      consumed = 0;
    }
    changed.signalAll();
    return count;
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return (int) Math.min(bytes, Integer.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    AutoCloseable producer;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
      bytes = 0;
      changed.signalAll();
      producer = source;
    } finally {
      lock.unlock();
    }
    if (producer != null) {
      stop(producer);
    }
  }

  private static void stop(AutoCloseable producer) {
    try {
      producer.close();
    } catch (Exception failed) {
      throw new IllegalStateException("a stream did not close", failed);
    }
  }
}
