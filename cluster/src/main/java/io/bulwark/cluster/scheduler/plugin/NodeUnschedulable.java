package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Taint;
import io.bulwark.cluster.scheduler.model.Toleration;

/** A cordoned node gets only pods that tolerate it. */
public final class NodeUnschedulable implements Filter {
  private static final Taint CORDON =
      new Taint("node.kubernetes.io/unschedulable", "", Taint.NO_SCHEDULE);

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    return !node.unschedulable() || Toleration.anyTolerates(pod.tolerations(), CORDON)
        ? Verdict.FITS
        : Verdict.unresolvable("node(s) were unschedulable");
  }
}
