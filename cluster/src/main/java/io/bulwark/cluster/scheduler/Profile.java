package io.bulwark.cluster.scheduler;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.Plugin;
import io.bulwark.cluster.scheduler.framework.PreFilter;
import io.bulwark.cluster.scheduler.framework.Score;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import io.bulwark.cluster.scheduler.plugin.BalancedAllocation;
import io.bulwark.cluster.scheduler.plugin.InterPodAffinity;
import io.bulwark.cluster.scheduler.plugin.NodeAffinity;
import io.bulwark.cluster.scheduler.plugin.NodeName;
import io.bulwark.cluster.scheduler.plugin.NodePorts;
import io.bulwark.cluster.scheduler.plugin.NodeResourcesFit;
import io.bulwark.cluster.scheduler.plugin.NodeUnschedulable;
import io.bulwark.cluster.scheduler.plugin.PodTopologySpread;
import io.bulwark.cluster.scheduler.plugin.TaintToleration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The plug-ins in the order in which they are asked. */
final class Profile {
  private final List<PreFilter> preFilters = new ArrayList<>();
  private final List<Filter> filters = new ArrayList<>();
  private final List<Score> scores = new ArrayList<>();

  Profile(List<Plugin> plugins) {
    for (Plugin plugin : plugins) {
      if (plugin instanceof PreFilter preFilter) {
        preFilters.add(preFilter);
      }
      if (plugin instanceof Filter filter) {
        filters.add(filter);
      }
      if (plugin instanceof Score score) {
        scores.add(score);
      }
    }
  }

  /** Upstream's default plug-ins as far as the cluster has what they look at. */
  static Profile standard() {
    return new Profile(
        List.of(
            new NodeUnschedulable(),
            new NodeName(),
            new TaintToleration(),
            new NodeAffinity(),
            new NodePorts(),
            new NodeResourcesFit(),
            new PodTopologySpread(),
            new InterPodAffinity(),
            new BalancedAllocation()));
  }

  CycleState prepare(PodInfo pod, Snapshot cluster) {
    CycleState state = new CycleState();
    for (PreFilter plugin : preFilters) {
      plugin.prepare(pod, cluster, state);
    }
    return state;
  }

  /**
   * The first refusal, or that the pod fits.
   *
   * @param refusers takes the name of the plug-in that refuses
   */
  Verdict filter(CycleState state, PodInfo pod, NodeInfo node, Set<String> refusers) {
    for (Filter plugin : filters) {
      Verdict verdict = plugin.filter(state, pod, node);
      if (verdict instanceof Verdict.Refused) {
        refusers.add(plugin.name());
        return verdict;
      }
    }
    return Verdict.FITS;
  }

  /** The weighted sums of all scores, in the order of the nodes. */
  long[] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
    long[] sums = new long[nodes.size()];
    for (Score plugin : scores) {
      long[] scored = plugin.score(pod, nodes, cluster);
      if (scored != null) {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += scored[i] * plugin.weight();
        }
      }
    }
    return sums;
  }
}
