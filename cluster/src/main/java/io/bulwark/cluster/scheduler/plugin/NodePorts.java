package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.HostPort;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;

/** Two pods cannot have the same port of a node. */
public final class NodePorts implements Filter {
  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    for (HostPort wanted : pod.ports()) {
      for (PodInfo other : node.pods()) {
        for (HostPort taken : other.ports()) {
          if (wanted.conflicts(taken)) {
            return Verdict.unschedulable(
                "node(s) didn't have free ports for the requested pod ports");
          }
        }
      }
    }
    return Verdict.FITS;
  }
}
