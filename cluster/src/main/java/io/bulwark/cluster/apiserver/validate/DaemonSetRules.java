package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;

/**
 * Daemon sets.
 *
 * <p>Source: kubernetes pkg/apis/apps/validation.
 */
final class DaemonSetRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    WorkloadRules.counts(spec, checks, "minReadySeconds", "revisionHistoryLimit");
    WorkloadRules.selector(spec, checks);
    WorkloadRules.template(spec, "DaemonSet", checks);
    Tree strategy = spec.treeOrEmpty("updateStrategy");
    checks.oneOf(strategy, "type", "spec.updateStrategy", "OnDelete", "RollingUpdate");
    if (!strategy.textOrEmpty("type").equals("RollingUpdate")) {
      return;
    }
    String path = "spec.updateStrategy.rollingUpdate";
    Tree rolling = strategy.treeOrEmpty("rollingUpdate");
    Object unavailable = rolling.get("maxUnavailable");
    Long most = WorkloadRules.countOrPercent(unavailable, path + ".maxUnavailable", checks);
    Long surge = WorkloadRules.countOrPercent(rolling.get("maxSurge"), path + ".maxSurge", checks);
    if (most == null || surge == null) {
      return;
    }
    if (most == 0 && surge == 0) {
      checks.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
    } else if (most > 0 && surge > 0) {
      checks.invalid(
          path + ".maxSurge",
          rolling.get("maxSurge"),
          "may not be set when maxUnavailable is non-zero");
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    checks.immutable(object, live, "spec.selector", "spec", "selector");
  }
}
