package io.bulwark.cluster.controller.replica;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.pod.PodState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pods go first when there are too many: those whose loss is felt least.
 *
 * <p>Source: kubernetes pkg/controller, ActivePodsWithRanks.
 */
final class DeletionOrder {
  private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

  private DeletionOrder() {}

  /**
   * The pods in the order in which they are deleted.
   *
   * @param podsOnNode how many related pods each node has
   */
  static List<Tree> of(List<Tree> pods, Map<String, Integer> podsOnNode, Instant now) {
    Comparator<Tree> order =
        Comparator.<Tree, Boolean>comparing(pod -> !PodState.node(pod).isEmpty())
            .thenComparingInt(DeletionOrder::phaseRank)
            .thenComparing(PodState::ready)
            .thenComparingLong(DeletionOrder::cost)
            .thenComparing(
                Comparator.<Tree>comparingInt(pod -> podsOnNode.getOrDefault(PodState.node(pod), 0))
                    .reversed())
            .thenComparing((a, b) -> younger(PodState.readySince(a), PodState.readySince(b), now))
            .thenComparing(Comparator.comparingLong(PodState::restarts).reversed())
            .thenComparing((a, b) -> younger(created(a), created(b), now))
            .thenComparing(Meta::uid);
    return pods.stream().sorted(order).toList();
  }

  private static int phaseRank(Tree pod) {
    return switch (PodState.phase(pod)) {
      case "Unknown" -> 1;
      case "Running" -> 2;
      default -> 0;
    };
  }

  private static long cost(Tree pod) {
    String cost = Meta.annotation(pod, COST);
    if (cost == null) {
      return 0;
    }
    try {
      return Integer.parseInt(cost);
    } catch (NumberFormatException malformed) {
      return 0;
    }
  }

  private static @Nullable Instant created(Tree pod) {
    return Timestamps.parse(pod.text("metadata", "creationTimestamp"));
  }

  /** Compares ages by powers of two, so that pods of about the same age are chosen at random. */
  private static int younger(@Nullable Instant a, @Nullable Instant b, Instant now) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? -1 : 1;
    }
    return Long.compare(rank(a, now), rank(b, now));
  }

  private static long rank(Instant time, Instant now) {
    long nanos = Duration.between(time, now).toNanos();
    return nanos <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(nanos);
  }
}
