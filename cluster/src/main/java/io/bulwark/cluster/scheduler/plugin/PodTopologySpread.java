package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.PreFilter;
import io.bulwark.cluster.scheduler.framework.Score;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import io.bulwark.cluster.scheduler.model.SpreadConstraint;
import io.bulwark.cluster.scheduler.model.Taint;
import io.bulwark.cluster.scheduler.model.Toleration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spreads equal pods evenly over zones, nodes or whatever a node label tells apart.
 *
 * <p>Source: kubernetes pkg/scheduler/framework/plugins/podtopologyspread.
 */
public final class PodTopologySpread implements PreFilter, Filter, Score {
  private static final String REFUSED = "node(s) didn't match pod topology spread constraints";

  /** How many matching pods each value of the label has. */
  private record Domains(SpreadConstraint constraint, Map<String, Integer> counts) {
    int least() {
      return counts.size() < constraint.minDomains()
          ? 0
          : counts.isEmpty() ? 0 : Collections.min(counts.values());
    }
  }

  private record State(List<Domains> domains) {}

  @Override
  public String name() {
    return "PodTopologySpread";
  }

  @Override
  public void prepare(PodInfo pod, Snapshot cluster, CycleState state) {
    List<SpreadConstraint> hard = pod.spread().stream().filter(SpreadConstraint::hard).toList();
    if (!hard.isEmpty()) {
      state.put(this, new State(domains(pod, hard, cluster)));
    }
  }

  private static List<Domains> domains(
      PodInfo pod, List<SpreadConstraint> constraints, Snapshot cluster) {
    List<Domains> domains = new ArrayList<>(constraints.size());
    for (SpreadConstraint constraint : constraints) {
      domains.add(new Domains(constraint, new HashMap<>()));
    }
    for (NodeInfo node : cluster.nodes()) {
      if (!constraints.stream().allMatch(c -> node.label(c.topologyKey()) != null)) {
        continue;
      }
      for (Domains domain : domains) {
        String value = node.label(domain.constraint.topologyKey());
        if (value != null && counts(domain.constraint, pod, node)) {
          domain.counts.merge(value, matching(domain.constraint, pod, node), Integer::sum);
        }
      }
    }
    return domains;
  }

  private static boolean counts(SpreadConstraint constraint, PodInfo pod, NodeInfo node) {
    if (constraint.honourAffinity() && !pod.selects(node)) {
      return false;
    }
    if (constraint.honourTaints()) {
      for (Taint taint : node.taints()) {
        if (!taint.effect().equals(Taint.PREFER_NO_SCHEDULE)
            && !Toleration.anyTolerates(pod.tolerations(), taint)) {
          return false;
        }
      }
    }
    return true;
  }

  private static int matching(SpreadConstraint constraint, PodInfo pod, NodeInfo node) {
    int count = 0;
    for (PodInfo other : node.pods()) {
      if (!other.terminating()
          && other.namespace().equals(pod.namespace())
          && constraint.selector().matchesLabels(other.labels())) {
        count++;
      }
    }
    return count;
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    State prepared = state.get(this, State.class);
    if (prepared == null) {
      return Verdict.FITS;
    }
    for (Domains domain : prepared.domains) {
      String value = node.label(domain.constraint.topologyKey());
      if (value == null) {
        return Verdict.unresolvable(REFUSED + " (missing required label)");
      }
      int self = domain.constraint.selector().matchesLabels(pod.labels()) ? 1 : 0;
      int there = domain.counts.getOrDefault(value, 0);
      if (there + self - domain.least() > domain.constraint.maxSkew()) {
        return Verdict.unschedulable(REFUSED);
      }
    }
    return Verdict.FITS;
  }

  @Override
  public int weight() {
    return 2;
  }

  @Override
  public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
    List<SpreadConstraint> soft =
        pod.spread().stream().filter(constraint -> !constraint.hard()).toList();
    if (soft.isEmpty()) {
      return null;
    }
    List<Domains> domains = domains(pod, soft, cluster);
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      for (Domains domain : domains) {
        String value = nodes.get(i).label(domain.constraint.topologyKey());
        double weight = Math.log(domain.counts.size() + 2);
        scores[i] +=
            value == null
                ? 1_000_000
                : Math.round(domain.counts.getOrDefault(value, 0) * weight)
                    + domain.constraint.maxSkew()
                    - 1;
      }
    }
    return Scores.stretch(scores, true);
  }
}
