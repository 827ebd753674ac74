package io.bulwark.cluster.controller.deployment;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a Deployment's strategy.
 *
 * @param replicas wanted
 * @param surge how many pods more than that may exist
 * @param unavailable how many pods fewer than that may be available
 */
record Rollout(boolean rolling, int replicas, int surge, int unavailable) {

  static Rollout of(Tree deployment) {
    int replicas = (int) deployment.number(1, "spec", "replicas");
    boolean rolling = !"Recreate".equals(deployment.text("spec", "strategy", "type"));
    if (!rolling) {
      return new Rollout(false, replicas, 0, 0);
    }
    Tree limits = deployment.treeOrEmpty("spec", "strategy", "rollingUpdate");
    int surge = scaled(limits.get("maxSurge"), replicas, true);
    int unavailable = scaled(limits.get("maxUnavailable"), replicas, false);
    if (surge == 0 && unavailable == 0) {
      unavailable = 1;
    }
    return new Rollout(true, replicas, surge, Math.min(unavailable, replicas));
  }

  /** The most pods at any time. */
  int limit() {
    return replicas + surge;
  }

  /** The fewest available pods at any time. */
  int floor() {
    return replicas - unavailable;
  }

  private static int scaled(@Nullable Object value, int total, boolean up) {
    return switch (value) {
      case null -> scaled("25%", total, up);
      case Long number -> number.intValue();
      case String text when text.endsWith("%") -> {
        long hundredths = Long.parseLong(text.substring(0, text.length() - 1)) * total;
        yield (int) (up ? Math.ceilDiv(hundredths, 100L) : Math.floorDiv(hundredths, 100L));
      }
      default -> 0;
    };
  }
}
