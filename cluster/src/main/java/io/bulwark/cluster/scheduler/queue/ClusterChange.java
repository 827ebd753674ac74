package io.bulwark.cluster.scheduler.queue;

import java.util.Set;

/** What happened in the cluster, and whose refusals it may turn. */
public enum ClusterChange {
  NODE_ADDED(
      Set.of(
          "NodeName",
          "NodeUnschedulable",
          "TaintToleration",
          "NodeAffinity",
          "NodePorts",
          "NodeResourcesFit",
          "InterPodAffinity",
          "PodTopologySpread")),
  NODE_LABELS(Set.of("NodeAffinity", "InterPodAffinity", "PodTopologySpread")),
  NODE_TAINTS(Set.of("TaintToleration", "NodeUnschedulable", "PodTopologySpread")),
  NODE_ALLOCATABLE(Set.of("NodeResourcesFit")),
  NODE_REMOVED(Set.of("PodTopologySpread")),
  POD_PLACED(Set.of("InterPodAffinity", "PodTopologySpread")),
  POD_GONE(Set.of("NodeResourcesFit", "NodePorts", "InterPodAffinity", "PodTopologySpread")),
  POD_SHRUNK(Set.of("NodeResourcesFit"));

  private final Set<String> plugins;

  ClusterChange(Set<String> plugins) {
    this.plugins = plugins;
  }

  boolean mayHelp(Attempt attempt) {
    if (attempt.refusedBy().isEmpty()) {
      return true;
    }
    for (String plugin : attempt.refusedBy()) {
      if (plugins.contains(plugin)) {
        return true;
      }
    }
    return false;
  }
}
