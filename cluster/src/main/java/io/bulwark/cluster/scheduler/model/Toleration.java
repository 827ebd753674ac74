package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Lets a pod stand a taint; an empty key or effect stands for all. */
public record Toleration(String key, String operator, String value, String effect) {
  public static Toleration of(Tree toleration) {
    return new Toleration(
        toleration.textOrEmpty("key"),
        toleration.textOrEmpty("operator"),
        toleration.textOrEmpty("value"),
        toleration.textOrEmpty("effect"));
  }

  public boolean tolerates(Taint taint) {
    if (!effect.isEmpty() && !effect.equals(taint.effect())) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.key())) {
      return false;
    }
    return switch (operator) {
      case "", "Equal" -> value.equals(taint.value());
      case "Exists" -> true;
      default -> false;
    };
  }

  public static boolean anyTolerates(List<Toleration> tolerations, Taint taint) {
    for (Toleration toleration : tolerations) {
      if (toleration.tolerates(taint)) {
        return true;
      }
    }
    return false;
  }
}
