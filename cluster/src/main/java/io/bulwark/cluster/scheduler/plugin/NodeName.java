package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;

/** A pod that names its node gets no other. */
public final class NodeName implements Filter {
  @Override
  public String name() {
    return "NodeName";
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    return pod.node().isEmpty() || pod.node().equals(node.name())
        ? Verdict.FITS
        : Verdict.unresolvable("node(s) didn't match the requested node name");
  }
}
