package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.failure.Failure;
import io.bulwark.cluster.apiserver.store.Store;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits a little for a revision that a client has heard of and the store has not reached yet. */
public final class Freshness {
  /** Source: upstream's blockTimeout of the watch cache. */
  public static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(10);

  private final Store store;
  private final Duration patience;

  public Freshness(Store store, Duration patience) {
    this.store = store;
    this.patience = patience;
  }

  /**
   * @throws io.bulwark.api.failure.Rejected with 504 if the revision does not come in time
   */
  public void await(long revision) {
    if (revision <= store.revision()) {
      return;
    }
    long end = System.nanoTime() + patience.toNanos();
    while (revision > store.revision()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        throw new Failure.TooLargeResourceVersion(revision, store.revision(), 1).rejected();
      }
      LockSupport.parkNanos(STEP);
    }
  }
}
