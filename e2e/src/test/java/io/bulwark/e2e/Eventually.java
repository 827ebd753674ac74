package io.bulwark.e2e;

import java.time.Duration;
import java.time.Instant;

/** Waits for something to become true, and says what it last saw if it does not. */
final class Eventually {
  private static final long POLL_MILLIS = 200;

  /** One look; throws an {@link AssertionError} as long as it is not so. */
  interface Look {
    void look();
  }

  private Eventually() {}

  static void within(Duration limit, Look look) {
    Instant end = Instant.now().plus(limit);
    while (true) {
      try {
        look.look();
        return;
      } catch (AssertionError notYet) {
        if (Instant.now().isAfter(end)) {
          throw new AssertionError(
              "still not so after " + limit + ": " + notYet.getMessage(), notYet);
        }
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(ended);
      }
    }
  }
}
