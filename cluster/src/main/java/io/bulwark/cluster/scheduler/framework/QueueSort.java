package io.bulwark.cluster.scheduler.framework;

import java.time.Instant;

/** Orders the pods that wait. */
public interface QueueSort extends Plugin {
  /**
   * @param since when the pod began to wait
   */
  record Waiting(int priority, Instant since) {}

  /** Less than 0 if the first comes first. */
  int compare(Waiting first, Waiting second);
}
