package io.bulwark.client;

import java.time.Duration;
import java.time.Instant;

/**
 * How many events one object may still cause: 25 at once, and one more every five minutes.
 *
 * <p>Source: client-go's event spam filter.
 */
final class EventBudget {
  private static final int BURST = 25;
  private static final Duration REFILL = Duration.ofMinutes(5);

  private double left = BURST;
  private Instant seen;

  EventBudget(Instant now) {
    this.seen = now;
  }

  boolean allows(Instant now) {
    double refilled = (double) Duration.between(seen, now).toMillis() / REFILL.toMillis();
    left = Math.min(BURST, left + Math.max(0, refilled));
    seen = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
