package io.bulwark.cluster.controller.deployment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Spreads a change of scale over the ReplicaSets of a rollout that is under way, by their size.
 *
 * <p>Source: kubernetes pkg/controller/deployment, scaling of several active ReplicaSets.
 */
final class Proportions {
  private Proportions() {}

  /** The new size of each active set, by name. */
  static Map<String, Integer> of(Rollout rollout, List<RevisionedSet> active, int lastReplicas) {
    int total = RevisionedSet.replicas(active);
    int allowed = rollout.replicas() > 0 ? rollout.limit() : 0;
    int toAdd = allowed - total;
    List<RevisionedSet> sorted = new ArrayList<>(active);
    Comparator<RevisionedSet> bySize = Comparator.comparingInt(set -> -set.replicas());
    sorted.sort(
        bySize.thenComparing(toAdd > 0 ? RevisionedSet.BY_AGE.reversed() : RevisionedSet.BY_AGE));
    Map<String, Integer> sizes = new LinkedHashMap<>();
    int added = 0;
    for (RevisionedSet set : sorted) {
      int share = share(rollout, set, toAdd, added, lastReplicas);
      sizes.put(set.name(), set.replicas() + share);
      added += share;
    }
    if (!sorted.isEmpty() && toAdd != 0) {
      int rest = toAdd - added;
      sizes.compute(
          sorted.getFirst().name(), (name, size) -> Math.max(0, (size == null ? 0 : size) + rest));
    }
    return sizes;
  }

  private static int share(
      Rollout rollout, RevisionedSet set, int toAdd, int added, int lastReplicas) {
    if (set.replicas() == 0 || toAdd == 0 || toAdd == added) {
      return 0;
    }
    int fraction = fraction(rollout, set, lastReplicas);
    int left = toAdd - added;
    return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
  }

  private static int fraction(Rollout rollout, RevisionedSet set, int lastReplicas) {
    if (rollout.replicas() == 0) {
      return -set.replicas();
    }
    int before = set.limit() > 0 ? set.limit() : lastReplicas;
    if (before == 0) {
      return 0;
    }
    double size = (double) set.replicas() * rollout.limit() / before;
    return (int) Math.round(size) - set.replicas();
  }
}
