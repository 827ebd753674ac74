package io.bulwark.cluster.platform.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;

/** A sink for blocking code: waits while the client is slow, fails when it is gone. */
public final class SinkOutput extends OutputStream {
  private static final long WAITING = 256 * 1024;

  private final Outgoing.Sink sink;

  public SinkOutput(Outgoing.Sink sink) {
    this.sink = sink;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (sink.closed()) {
      throw new IOException("the client is gone");
    }
    byte[] copy = new byte[length];
    System.arraycopy(bytes, offset, copy, 0, length);
    if (sink.write(List.of(Outgoing.Slice.of(copy))) > WAITING) {
      try {
        sink.awaitDrained();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException) new InterruptedIOException().initCause(stop);
      }
    }
  }

  /** Ends the response. */
  @Override
  public void close() {
    sink.end();
  }

  /** What a virtual thread writes into a response. */
  public interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /**
   * A stream whose content one virtual thread writes.
   *
   * @param whenGone closed when the client goes away, to stop the writer
   */
  public static Outgoing.Start start(Writer writer, AutoCloseable whenGone) {
    return sink -> {
      Thread.ofVirtual()
          .name("stream")
          .start(
              () -> {
                try (SinkOutput out = new SinkOutput(sink)) {
                  writer.write(out);
                } catch (IOException gone) {
                  sink.end();
                } catch (RuntimeException bug) {
                  Failures.unexpected("a streamed response", bug);
                }
              });
      return whenGone;
    };
  }
}
