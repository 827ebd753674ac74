package io.bulwark.cluster.platform.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * One stream of a {@link SpdyConnection}. Each direction is for one thread; closing the output
 * tells the other end that no more comes, while the input goes on.
 */
public final class SpdyStream {
  private static final int WAITING = 1 << 20;

  private final SpdyConnection connection;
  private final int id;
  private final Map<String, String> headers;
  private final ArrayDeque<byte[]> received = new ArrayDeque<>();
  private final Input input = new Input();
  private final Output output = new Output();
  private int waiting;
  private boolean inputOver;
  private boolean outputOver;

  SpdyStream(SpdyConnection connection, int id, Map<String, String> headers) {
    this.connection = connection;
    this.id = id;
    this.headers = headers;
  }

  public int id() {
    return id;
  }

  /** Lower-case names, as the end that opened the stream sent them. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Ends when the other side has closed the stream, or the connection is gone. */
  public InputStream input() {
    return input;
  }

  public OutputStream output() {
    return output;
  }

  /** Breaks both directions off. */
  public void reset() {
    finished(true);
    try {
      connection.reset(id);
    } catch (IOException gone) {
      connection.close();
    }
  }

  synchronized void received(byte[] content) throws IOException {
    while (waiting > WAITING && !inputOver) {
      await();
    }
    if (!inputOver && content.length > 0) {
      received.add(content);
      waiting += content.length;
      notifyAll();
    }
  }

  void finished(boolean both) {
    boolean done;
    synchronized (this) {
      inputOver = true;
      outputOver |= both;
      done = outputOver;
      notifyAll();
    }
    if (done) {
      connection.forget(id);
    }
  }

  private synchronized byte[] take() throws IOException {
    while (received.isEmpty() && !inputOver) {
      await();
    }
    byte[] part = received.poll();
    if (part == null) {
      return new byte[0];
    }
    waiting -= part.length;
    notifyAll();
    return part;
  }

  private void await() throws InterruptedIOException {
    try {
      wait();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private final class Input extends InputStream {
    private byte[] part = new byte[0];
    private int at;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at == part.length) {
        part = take();
        at = 0;
        if (part.length == 0) {
          return -1;
        }
      }
      int count = Math.min(length, part.length - at);
      System.arraycopy(part, at, into, offset, count);
      at += count;
      return count;
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      synchronized (SpdyStream.this) {
        if (outputOver) {
          throw new IOException("stream closed");
        }
      }
      if (length > 0) {
        connection.data(id, bytes, offset, length, false);
      }
    }

    @Override
    public void close() throws IOException {
      boolean done;
      synchronized (SpdyStream.this) {
        if (outputOver) {
          return;
        }
        outputOver = true;
        done = inputOver;
      }
      connection.data(id, new byte[0], 0, 0, true);
      if (done) {
        connection.forget(id);
      }
    }
  }
}
