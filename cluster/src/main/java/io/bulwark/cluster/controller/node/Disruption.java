package io.bulwark.cluster.controller.node;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Whether so many nodes are silent that the fault is more likely on our side than on theirs; then
 * nobody is driven off. Otherwise one node every ten seconds may be emptied. Thread-safe.
 *
 * <p>Source: kubernetes pkg/controller/nodelifecycle, zone states and eviction rates.
 */
final class Disruption {
  private static final double UNHEALTHY_SHARE = 0.55;
  private static final int LARGE = 50;
  private static final Duration PACE = Duration.ofSeconds(10);
  private static final Duration SLOW_PACE = Duration.ofSeconds(100);

  private Instant next = Instant.MIN;

  /**
   * Whether a node may be emptied now; a yes uses up the turn.
   *
   * @return zero for yes, or how long to wait before asking again
   */
  synchronized Duration mayEvict(List<Tree> nodes, Instant now) {
    int silent = 0;
    for (Tree node : nodes) {
      if (!Conditions.status(node, "Ready").equals("True")) {
        silent++;
      }
    }
    boolean all = silent == nodes.size();
    boolean most = silent > 2 && silent >= UNHEALTHY_SHARE * nodes.size();
    if (all || (most && nodes.size() <= LARGE)) {
      return PACE;
    }
    if (now.isBefore(next)) {
      return Duration.between(now, next);
    }
    next = now.plus(most ? SLOW_PACE : PACE);
    return Duration.ZERO;
  }

  /** Whether every node is silent. */
  static boolean total(List<Tree> nodes) {
    return nodes.stream().noneMatch(node -> Conditions.status(node, "Ready").equals("True"));
  }
}
