package io.bulwark.cluster.scheduler.framework;

import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;

/** Says whether a pod may have a node. */
public interface Filter extends Plugin {
  Verdict filter(CycleState state, PodInfo pod, NodeInfo node);
}
