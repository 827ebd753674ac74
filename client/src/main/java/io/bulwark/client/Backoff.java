package io.bulwark.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Exponential delays with jitter: 0.8 to 1.2 times first, 2 first, 4 first, ... up to a limit. */
final class Backoff {
  private final Duration first;
  private final Duration limit;
  private int failures;

  Backoff(Duration first, Duration limit) {
    this.first = first;
    this.limit = limit;
  }

  Duration next() {
    long nanos = first.toNanos() << Math.min(failures++, 20);
    nanos = Math.min(nanos, limit.toNanos());
    return Duration.ofNanos((long) (nanos * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
  }

  void reset() {
    failures = 0;
  }
}
