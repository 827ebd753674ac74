package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.QueueSort;

/** Higher priority first, then who waits longer. */
public final class PrioritySort implements QueueSort {
  @Override
  public String name() {
    return "PrioritySort";
  }

  @Override
  public int compare(Waiting first, Waiting second) {
    int byPriority = Integer.compare(second.priority(), first.priority());
    return byPriority != 0 ? byPriority : first.since().compareTo(second.since());
  }
}
