package io.bulwark.cluster.scheduler;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Chooses one node for one pod. In a large cluster it stops looking once enough nodes fit, and the
 * next pod begins where it stopped. For one thread.
 */
final class SchedulingCycle {
  private static final int FEW_NODES = 100;

  private final Profile profile;
  private final Nominations nominations;
  private final RandomGenerator random;
  private int start;

  SchedulingCycle(Profile profile, Nominations nominations, RandomGenerator random) {
    this.profile = profile;
    this.nominations = nominations;
    this.random = random;
  }

  /** What came of it. */
  sealed interface Result {}

  record Chosen(String node) implements Result {}

  /**
   * @param refusals why each node was refused, by name; empty when there are no nodes
   * @param plugins that refused
   */
  record NoneFits(Map<String, Verdict.Refused> refusals, Set<String> plugins) implements Result {}

  Result run(PodInfo pod, Snapshot cluster) {
    List<NodeInfo> nodes = cluster.nodes();
    CycleState state = profile.prepare(pod, cluster);
    String nominated = nominations.nodeOf(pod.uid());
    Set<String> refusers = new HashSet<>();
    if (!nominated.isEmpty()) {
      NodeInfo node = cluster.node(nominated);
      if (node != null && fits(state, pod, node, refusers) instanceof Verdict.Fits) {
        return new Chosen(nominated);
      }
      refusers.clear();
    }
    int wanted = enough(nodes.size());
    List<NodeInfo> fitting = new ArrayList<>();
    Map<String, Verdict.Refused> refusals = new HashMap<>();
    int seen = 0;
    while (seen < nodes.size() && fitting.size() < wanted) {
      NodeInfo node = nodes.get((start + seen) % nodes.size());
      switch (fits(state, pod, node, refusers)) {
        case Verdict.Fits fits -> fitting.add(node);
        case Verdict.Refused refused -> refusals.put(node.name(), refused);
      }
      seen++;
    }
    start = nodes.isEmpty() ? 0 : (start + seen) % nodes.size();
    if (fitting.isEmpty()) {
      return new NoneFits(refusals, refusers);
    }
    return new Chosen(best(pod, fitting, cluster));
  }

  private Verdict fits(CycleState state, PodInfo pod, NodeInfo node, Set<String> refusers) {
    NodeInfo fuller = nominations.with(node, pod);
    if (fuller != node) {
      Verdict crowded = profile.filter(state, pod, fuller, refusers);
      if (crowded instanceof Verdict.Refused) {
        return crowded;
      }
    }
    return profile.filter(state, pod, node, refusers);
  }

  private String best(PodInfo pod, List<NodeInfo> fitting, Snapshot cluster) {
    if (fitting.size() == 1) {
      return fitting.getFirst().name();
    }
    long[] scores = profile.score(pod, fitting, cluster);
    long most = Long.MIN_VALUE;
    int ties = 0;
    String best = "";
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > most) {
        most = scores[i];
        ties = 1;
        best = fitting.get(i).name();
      } else if (scores[i] == most && random.nextInt(++ties) == 0) {
        best = fitting.get(i).name();
      }
    }
    return best;
  }

  /** How many fitting nodes are enough: half of few hundred, a twentieth of thousands. */
  static int enough(int nodes) {
    if (nodes < FEW_NODES) {
      return nodes;
    }
    int percent = Math.max(5, 50 - nodes / 125);
    return Math.max(FEW_NODES, nodes * percent / 100);
  }
}
