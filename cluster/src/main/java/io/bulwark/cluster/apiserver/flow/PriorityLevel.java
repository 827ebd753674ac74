package io.bulwark.cluster.apiserver.flow;

import java.util.List;

/**
 * A share of the server.
 *
 * @param shares of all concurrent requests, in proportion; 0 for a level that is never limited
 * @param queues in which requests wait; 0 refuses at once
 * @param handSize queues among which one flow's requests are spread
 * @param queueLength most requests that wait in one queue
 */
record PriorityLevel(String name, int shares, int queues, int handSize, int queueLength) {
  static final PriorityLevel EXEMPT = new PriorityLevel("exempt", 0, 0, 0, 0);

  /** Source: the suggested and mandatory configuration in upstream's documentation. */
  static final List<PriorityLevel> STANDARD =
      List.of(
          EXEMPT,
          new PriorityLevel("system", 30, 64, 6, 50),
          new PriorityLevel("node-high", 40, 64, 6, 50),
          new PriorityLevel("leader-election", 10, 16, 4, 50),
          new PriorityLevel("workload-high", 40, 128, 6, 50),
          new PriorityLevel("workload-low", 100, 128, 6, 50),
          new PriorityLevel("global-default", 20, 128, 6, 50),
          new PriorityLevel("catch-all", 5, 0, 0, 0));

  boolean exempt() {
    return shares == 0;
  }
}
