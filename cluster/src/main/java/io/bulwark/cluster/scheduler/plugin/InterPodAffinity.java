package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.PreFilter;
import io.bulwark.cluster.scheduler.framework.Score;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.PodTerm;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Places pods near the pods they want, and apart from those they or the others do not.
 *
 * <p>Source: kubernetes pkg/scheduler/framework/plugins/interpodaffinity.
 */
public final class InterPodAffinity implements PreFilter, Filter, Score {
  /** How much a pod that requires the newcomer near it counts. */
  private static final int HARD_WEIGHT = 1;

  private record Place(String key, String value) {}

  /**
   * How many matching pods each place has.
   *
   * @param near pods that match all affinity terms of the newcomer
   * @param apart pods that match an anti-affinity term of the newcomer
   * @param repelled pods with an anti-affinity term that the newcomer matches
   * @param keys the topology keys of those terms: few, where the places may be thousands
   */
  private record Counts(
      Map<Place, Integer> near,
      Map<Place, Integer> apart,
      Map<Place, Integer> repelled,
      Set<String> keys) {}

  @Override
  public String name() {
    return "InterPodAffinity";
  }

  @Override
  public void prepare(PodInfo pod, Snapshot cluster, CycleState state) {
    boolean wants = !pod.near().isEmpty() || !pod.apart().isEmpty();
    Counts counts = new Counts(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashSet<>());
    for (NodeInfo node : cluster.nodes()) {
      if (!wants && node.repelling() == 0) {
        continue;
      }
      for (PodInfo other : node.pods()) {
        count(
            other.apart(),
            term -> term.matches(pod, cluster.namespaceLabels()),
            node,
            counts.repelled);
        if (wants) {
          countWanted(pod, other, node, cluster, counts);
        }
      }
    }
    counts.repelled.keySet().forEach(place -> counts.keys.add(place.key));
    if (wants || !counts.repelled.isEmpty()) {
      state.put(this, counts);
    }
  }

  private static void countWanted(
      PodInfo pod, PodInfo other, NodeInfo node, Snapshot cluster, Counts counts) {
    Predicate<PodTerm> matches = term -> term.matches(other, cluster.namespaceLabels());
    if (!pod.near().isEmpty() && pod.near().stream().allMatch(matches)) {
      count(pod.near(), term -> true, node, counts.near);
    }
    count(pod.apart(), matches, node, counts.apart);
  }

  private static void count(
      List<PodTerm> terms, Predicate<PodTerm> matches, NodeInfo node, Map<Place, Integer> into) {
    for (PodTerm term : terms) {
      String value = node.label(term.topologyKey());
      if (value != null && matches.test(term)) {
        into.merge(new Place(term.topologyKey(), value), 1, Integer::sum);
      }
    }
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    Counts counts = state.get(this, Counts.class);
    if (counts == null) {
      return Verdict.FITS;
    }
    if (!near(counts, pod, node)) {
      return Verdict.unresolvable("node(s) didn't match pod affinity rules");
    }
    for (PodTerm term : pod.apart()) {
      String value = node.label(term.topologyKey());
      if (value != null && counts.apart.containsKey(new Place(term.topologyKey(), value))) {
        return Verdict.unschedulable("node(s) didn't match pod anti-affinity rules");
      }
    }
    for (String key : counts.keys) {
      String value = node.label(key);
      if (value != null && counts.repelled.containsKey(new Place(key, value))) {
        return Verdict.unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
      }
    }
    return Verdict.FITS;
  }

  private static boolean near(Counts counts, PodInfo pod, NodeInfo node) {
    boolean found = true;
    for (PodTerm term : pod.near()) {
      String value = node.label(term.topologyKey());
      if (value == null) {
        return false;
      }
      found &= counts.near.containsKey(new Place(term.topologyKey(), value));
    }
    // The first pod of a group that wants to be near itself may go anywhere.
    return found
        || (counts.near.isEmpty()
            && pod.near().stream().allMatch(term -> term.matches(pod, namespace -> null)));
  }

  @Override
  public int weight() {
    return 2;
  }

  @Override
  public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
    boolean prefers = !pod.ratherNear().isEmpty() || !pod.ratherApart().isEmpty();
    Map<Place, Long> weights = new HashMap<>();
    for (NodeInfo node : cluster.nodes()) {
      if (!prefers && node.choosy() == 0) {
        continue;
      }
      for (PodInfo other : node.pods()) {
        add(weights, pod.ratherNear(), other, node, cluster, 1);
        add(weights, pod.ratherApart(), other, node, cluster, -1);
        add(weights, other.ratherNear(), pod, node, cluster, 1);
        add(weights, other.ratherApart(), pod, node, cluster, -1);
        add(weights, other.near(), pod, node, cluster, HARD_WEIGHT);
      }
    }
    if (weights.isEmpty()) {
      return null;
    }
    Set<String> keys = new HashSet<>();
    weights.keySet().forEach(place -> keys.add(place.key));
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      for (String key : keys) {
        String value = nodes.get(i).label(key);
        if (value != null) {
          scores[i] += weights.getOrDefault(new Place(key, value), 0L);
        }
      }
    }
    return Scores.stretch(scores, false);
  }

  private static void add(
      Map<Place, Long> weights,
      List<PodTerm> terms,
      PodInfo candidate,
      NodeInfo node,
      Snapshot cluster,
      int sign) {
    for (PodTerm term : terms) {
      String value = node.label(term.topologyKey());
      if (value != null && term.matches(candidate, cluster.namespaceLabels())) {
        long weight = (term.weight() == 0 ? 1L : term.weight()) * sign;
        weights.merge(new Place(term.topologyKey(), value), weight, Long::sum);
      }
    }
  }
}
