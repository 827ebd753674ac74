package io.bulwark.cluster.apiserver.store.embedded;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls until something holds, for at most half a minute. */
final class Eventually {
  private Eventually() {}

  static void holds(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen in 30 s");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
