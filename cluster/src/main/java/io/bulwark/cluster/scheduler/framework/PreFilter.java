package io.bulwark.cluster.scheduler.framework;

import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;

/** Looks at the whole cluster once before single nodes are filtered. */
public interface PreFilter extends Plugin {
  /**
   * Works out what {@link Filter} needs and puts it into the state, or nothing if it needs none.
   */
  void prepare(PodInfo pod, Snapshot cluster, CycleState state);
}
