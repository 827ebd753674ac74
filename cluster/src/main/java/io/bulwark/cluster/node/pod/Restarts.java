package io.bulwark.cluster.node.pod;

import io.bulwark.api.tree.Tree;

/**
 * Whether a container that ended is started again: by its own rules, else by its own policy, else
 * by its pod's.
 *
 * <p>Source: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle, individual container restart
 * policy and rules.
 */
public final class Restarts {
  private Restarts() {}

  /**
   * @param container of the pod's init containers or its ordinary ones
   */
  public static boolean due(Tree pod, Tree container, int exitCode) {
    String own = container.textOrEmpty("restartPolicy");
    if (!own.isEmpty()) {
      for (Tree rule : container.trees("restartPolicyRules")) {
        if (matches(rule.treeOrEmpty("exitCodes"), exitCode)) {
          return rule.textOrEmpty("action").equals("Restart") || due(own, exitCode);
        }
      }
    }
    return due(own.isEmpty() ? PodSpec.restartPolicy(pod) : own, exitCode);
  }

  private static boolean matches(Tree codes, int exitCode) {
    boolean listed = codes.list("values").contains((long) exitCode);
    return switch (codes.textOrEmpty("operator")) {
      case "In" -> listed;
      case "NotIn" -> !listed;
      default -> false;
    };
  }

  private static boolean due(String policy, int exitCode) {
    return switch (policy) {
      case "Never" -> false;
      case "OnFailure" -> exitCode != 0;
      default -> true;
    };
  }
}
