package io.bulwark.cluster.controller.job;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Job's pod failure policy says about a failed pod.
 *
 * <p>Source: kubernetes pkg/controller/job/pod_failure_policy.go.
 */
final class FailurePolicy {
  private FailurePolicy() {}

  /**
   * @param action {@code FailJob}, {@code FailIndex}, {@code Ignore} or {@code Count}
   * @param message why, for a condition
   */
  record Verdict(String action, String message) {}

  private static final Verdict COUNT = new Verdict("Count", "");

  static Verdict of(Tree job, Tree pod) {
    List<Tree> rules = job.trees("spec", "podFailurePolicy", "rules");
    for (int i = 0; i < rules.size(); i++) {
      Tree rule = rules.get(i);
      String message =
          rule.has("onExitCodes")
              ? exit(rule.treeOrEmpty("onExitCodes"), pod)
              : condition(rule.trees("onPodConditions"), pod);
      if (message != null) {
        String action = rule.textOrEmpty("action");
        return new Verdict(action, message + " matching " + action + " rule at index " + i);
      }
    }
    return COUNT;
  }

  private static @Nullable String exit(Tree wanted, Tree pod) {
    String container = wanted.textOrEmpty("containerName");
    boolean in = wanted.textOrEmpty("operator").equals("In");
    List<Tree> statuses =
        Stream.of("containerStatuses", "initContainerStatuses")
            .flatMap(list -> pod.trees("status", list).stream())
            .toList();
    for (Tree status : statuses) {
      String name = status.textOrEmpty("name");
      long code = status.number(0, "state", "terminated", "exitCode");
      boolean concerned = container.isEmpty() || container.equals(name);
      if (concerned && code != 0 && wanted.list("values").contains(code) == in) {
        return "Container " + name + " for pod " + Meta.key(pod) + " failed with exit code " + code;
      }
    }
    return null;
  }

  private static @Nullable String condition(List<Tree> patterns, Tree pod) {
    for (Tree condition : pod.trees("status", "conditions")) {
      for (Tree pattern : patterns) {
        String status = pattern.textOrEmpty("status");
        if (pattern.textOrEmpty("type").equals(condition.textOrEmpty("type"))
            && (status.isEmpty() ? "True" : status).equals(condition.textOrEmpty("status"))) {
          return "Pod " + Meta.key(pod) + " has condition " + condition.textOrEmpty("type");
        }
      }
    }
    return null;
  }
}
