package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.image.registry.RegistryFailure.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A download that fails when no byte comes for too long. One reader; closing may come from any. */
public final class StallGuard extends InputStream {
  private final InputStream in;
  private final String host;
  private final Duration patience;
  private volatile long waitingSince;
  private volatile boolean stalled;
  private volatile boolean closed;

  /**
   * @param patience how long to wait for a byte
   */
  public StallGuard(InputStream in, String host, Duration patience) {
    this.in = in;
    this.host = host;
    this.patience = patience;
    this.waitingSince = 0;
    Thread.ofVirtual().name("download-guard").start(this::watch);
  }

  private void watch() {
    long nap = Math.max(1, patience.toNanos() / 8);
    while (!closed) {
      LockSupport.parkNanos(nap);
      long since = waitingSince;
      if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
        stalled = true;
        try {
          in.close();
        } catch (IOException already) {
          return;
        }
        return;
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    waitingSince = System.nanoTime() | 1;
    try {
      int count = in.read(bytes, offset, length);
      if (stalled) {
        throw stalled();
      }
      return count;
    } catch (IOException broken) {
      throw stalled || broken instanceof RegistryFailure
          ? stalled()
          : new RegistryFailure(
              Reason.UNREACHABLE, "the connection to " + host + " broke: " + broken.getMessage());
    } finally {
      waitingSince = 0;
    }
  }

  private RegistryFailure stalled() {
    return new RegistryFailure(
        Reason.UNREACHABLE, host + " sent nothing for " + patience.toSeconds() + " seconds");
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }
}
