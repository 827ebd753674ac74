package io.bulwark.cluster.node.agent;

/**
 * Why the node ended a pod: it becomes Failed with this reason.
 *
 * @param rejected whether nothing of the pod ever ran
 */
public record Verdict(String reason, String message, boolean rejected) {
  /** The pod held more than it may: it has to go soon. */
  static final String EVICTED = "Evicted";

  public Verdict(String reason, String message) {
    this(reason, message, false);
  }

  /** The same of a pod that is not let in. */
  public Verdict rejecting() {
    return new Verdict(reason, "Pod was rejected: " + message, true);
  }

  /** Whether the pod's own grace period does not count. */
  public boolean urgent() {
    return reason.equals(EVICTED);
  }
}
