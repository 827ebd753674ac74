package io.bulwark.cluster.apiserver.watch;

import io.bulwark.cluster.platform.http.Outgoing.Sink;
import io.bulwark.cluster.platform.http.Outgoing.Slice;
import io.bulwark.cluster.platform.http.Outgoing.Start;
import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watch in the messages of a WebSocket, one for each event. Thread-safe.
 *
 * <p>Source: k8s.io/apiserver's watch handler, HandleWS.
 */
final class WatchSocket implements Sink {
  /** A message needs no length of its own before a binary event. */
  private static final int LENGTH_BYTES = 4;

  /** How long a client may take for what is left when its watch ends. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WebSocket socket;
  private final boolean text;
  private final Duration patience;
  private final Queue<Slice> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean ended;
  private boolean closed;

  private WatchSocket(WebSocket socket, boolean text, Duration patience) {
    this.socket = socket;
    this.text = text;
    this.patience = patience;
  }

  /**
   * Runs a watch until either side ends it.
   *
   * @param text whether events are text
   * @param patience after which a client is cut off that does not read, once its watch has ended
   */
  static void run(WebSocket socket, boolean text, Duration patience, Start watch) throws Exception {
    WatchSocket sink = new WatchSocket(socket, text, patience);
    Thread.ofVirtual().name("watch-socket").start(sink::awaitClose);
    try (AutoCloseable open = watch.start(sink)) {
      sink.send();
    } finally {
      sink.close();
    }
  }

  private void send() throws IOException, InterruptedException {
    for (Slice event = next(); event != null; event = next()) {
      if (text) {
        socket.writeText(
            new String(event.bytes(), event.offset(), event.length(), StandardCharsets.UTF_8));
      } else {
        int start = event.offset() + LENGTH_BYTES;
        socket.writeBinary(
            Arrays.copyOfRange(event.bytes(), start, event.offset() + event.length()));
      }
      sent(event);
    }
  }

  private synchronized @Nullable Slice next() throws InterruptedException {
    while (waiting.isEmpty() && !ended && !closed) {
      wait();
    }
    return closed ? null : waiting.poll();
  }

  private synchronized void sent(Slice event) {
    waitingBytes -= event.length();
    notifyAll();
  }

  private void awaitClose() {
    try {
      byte[] ignored = socket.read();
      while (ignored != null) {
        ignored = socket.read();
      }
    } catch (IOException gone) {
      // The client is away: the same as a close.
    }
    close();
  }

  private synchronized void close() {
    closed = true;
    waiting.clear();
    notifyAll();
  }

  @Override
  public synchronized long write(List<Slice> slices) {
    if (!closed && !ended) {
      for (Slice slice : slices) {
        waiting.add(slice);
        waitingBytes += slice.length();
      }
      notifyAll();
    }
    return waitingBytes;
  }

  @Override
  public synchronized void awaitDrained() throws InterruptedException {
    while (!waiting.isEmpty() && !closed) {
      wait();
    }
  }

  @Override
  public synchronized void end() {
    ended = true;
    notifyAll();
    Thread.ofVirtual().name("watch-socket-end").start(this::cutOff);
  }

  /** A writer whose client does not read never looks up by itself. */
  private void cutOff() {
    try {
      if (!awaitClosed()) {
        socket.abort();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean awaitClosed() throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return closed;
  }

  @Override
  public synchronized boolean closed() {
    return closed;
  }
}
