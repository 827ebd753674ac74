package io.bulwark.cluster.controller.job;

import java.time.Duration;
import java.time.Instant;

/** How a Job's failures in a row hold back its next pods. For one thread at a time. */
final class Backoff {
  private long failures;
  private Instant last = Instant.EPOCH;

  void note(Tally tally) {
    Instant success = tally.newestSuccess;
    if (success != null && success.isAfter(last)) {
      failures = 0;
    }
    for (Instant failed : tally.newFailures) {
      failures++;
      last = failed.isAfter(last) ? failed : last;
    }
  }

  Duration left(Instant now) {
    return JobPass.left(failures, last, now);
  }
}
