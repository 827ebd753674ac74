package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;

/** Deployments. */
final class DeploymentRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    WorkloadRules.counts(
        spec,
        checks,
        "replicas",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds");
    WorkloadRules.selector(spec, checks);
    WorkloadRules.template(spec, "ReplicaSet", checks);
    strategy(spec.treeOrEmpty("strategy"), checks);
    if (spec.get("progressDeadlineSeconds") instanceof Long deadline
        && deadline <= spec.number(0, "minReadySeconds")) {
      checks.invalid(
          "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }
  }

  private static void strategy(Tree strategy, Checks checks) {
    Tree rolling = strategy.tree("rollingUpdate");
    if (strategy.textOrEmpty("type").equals("Recreate")) {
      if (rolling != null) {
        checks.forbidden(
            "spec.strategy.rollingUpdate",
            "may not be specified when strategy `type` is 'Recreate'");
      }
      return;
    }
    if (rolling == null) {
      return;
    }
    String path = "spec.strategy.rollingUpdate";
    Object unavailable = rolling.get("maxUnavailable");
    Long most = WorkloadRules.countOrPercent(unavailable, path + ".maxUnavailable", checks);
    Long surge = WorkloadRules.countOrPercent(rolling.get("maxSurge"), path + ".maxSurge", checks);
    if (most != null && surge != null && most == 0 && surge == 0) {
      checks.invalid(path + ".maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
    }
    if (most != null && unavailable instanceof String && most > 100) {
      checks.invalid(path + ".maxUnavailable", unavailable, "must not be greater than 100%");
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    checks.immutable(object, live, "spec.selector", "spec", "selector");
  }
}
