package io.bulwark.cluster.platform.http;

import java.util.List;
import java.util.Map;

/** What goes back to the sender of a request. */
public sealed interface Outgoing {
  /** HTTP status of the response; 101 for an upgrade. */
  int status();

  /** Lower-case names. */
  Map<String, String> headers();

  /**
   * A whole response.
   *
   * @param body slices that are sent one after another; they are never changed after this is made
   */
  record Complete(int status, Map<String, String> headers, List<Slice> body) implements Outgoing {
    public static Complete of(int status, String contentType, byte[] body) {
      return new Complete(status, Map.of("content-type", contentType), List.of(Slice.of(body)));
    }

    public long length() {
      return body.stream().mapToLong(Slice::length).sum();
    }
  }

  /**
   * A response that goes on: a watch, a log that is followed. The server sends the headers at once,
   * then calls {@code start} once.
   */
  record Streaming(int status, Map<String, String> headers, Start start) implements Outgoing {}

  /** Takes over the connection after a 101 response: a WebSocket or a SPDY connection. */
  record Upgraded(int status, Map<String, String> headers, Takeover takeover) implements Outgoing {}

  /** A range of bytes that will not change. */
  record Slice(byte[] bytes, int offset, int length) {
    public static Slice of(byte[] bytes) {
      return new Slice(bytes, 0, bytes.length);
    }
  }

  /** Begins a stream; must not block. What it returns is closed when the client goes away. */
  interface Start {
    AutoCloseable start(Sink sink);
  }

  /** Where a stream goes. Thread-safe; never blocks except where it says so. */
  interface Sink {
    /**
     * Sends the slices and flushes them, or drops them if the client is gone.
     *
     * @return the number of bytes that wait to be sent, this write included; the caller ends the
     *     stream of a reader that is too slow
     */
    long write(List<Slice> slices);

    /** Blocks until few bytes wait, or the client is gone. */
    void awaitDrained() throws InterruptedException;

    /** Ends the response normally. */
    void end();

    boolean closed();
  }

  /**
   * Owns an upgraded connection until either side closes it. Called on a virtual thread, may block.
   */
  interface Takeover {
    void run(Duplex connection) throws Exception;
  }

  /** The bytes of an upgraded connection, both ways; each direction is for one thread. */
  interface Duplex extends AutoCloseable {
    java.io.InputStream input();

    java.io.OutputStream output();

    @Override
    void close();
  }
}
