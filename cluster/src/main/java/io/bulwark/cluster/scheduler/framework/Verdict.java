package io.bulwark.cluster.scheduler.framework;

import java.util.List;

/** Whether a pod may have a node. */
public sealed interface Verdict {
  Verdict FITS = new Fits();

  /** It may. */
  record Fits() implements Verdict {}

  /**
   * It may not.
   *
   * @param reasons as upstream words them, without the number of nodes
   * @param resolvable whether removing pods could help
   */
  record Refused(List<String> reasons, boolean resolvable) implements Verdict {
    public Refused {
      reasons = List.copyOf(reasons);
    }
  }

  /** Refused, but removing pods could help. */
  static Verdict unschedulable(String reason) {
    return new Refused(List.of(reason), true);
  }

  /** Refused, and removing pods cannot help. */
  static Verdict unresolvable(String reason) {
    return new Refused(List.of(reason), false);
  }
}
