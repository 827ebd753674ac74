package io.bulwark.cluster.apiserver.watch;

import io.bulwark.cluster.platform.http.Outgoing.Sink;
import io.bulwark.cluster.platform.http.Outgoing.Slice;
import io.bulwark.cluster.platform.http.Outgoing.Start;
import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A watch in the messages of a WebSocket, one for each event. Thread-safe.
 *
 * <p>Source: k8s.io/apiserver's watch handler, HandleWS.
 */
final class WatchSocket implements Sink {
  /** A message needs no length of its own before a binary event. */
  private static final int LENGTH_BYTES = 4;

  private final boolean text;
  private final Queue<Slice> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean ended;
  private boolean closed;

  private WatchSocket(boolean text) {
    this.text = text;
  }

  /**
   * Runs a watch until either side ends it.
   *
   * @param text whether events are text
   */
  static void run(WebSocket socket, boolean text, Start watch) throws Exception {
    WatchSocket sink = new WatchSocket(text);
    Thread.ofVirtual().name("watch-socket").start(() -> sink.awaitClose(socket));
    try (AutoCloseable open = watch.start(sink)) {
      sink.send(socket);
    } finally {
      sink.close();
    }
  }

  private void send(WebSocket socket) throws IOException, InterruptedException {
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

  private void awaitClose(WebSocket socket) {
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
  }

  @Override
  public synchronized boolean closed() {
    return closed;
  }
}
