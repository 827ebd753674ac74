package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/**
 * Stateful sets.
 *
 * <p>Source: kubernetes pkg/apis/apps/validation.
 */
final class StatefulSetRules implements Rules {
  private static final List<String> CHANGEABLE =
      List.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    WorkloadRules.counts(spec, checks, "replicas", "minReadySeconds", "revisionHistoryLimit");
    checks.oneOf(spec, "podManagementPolicy", "spec", "OrderedReady", "Parallel");
    checks.oneOf(
        spec.treeOrEmpty("updateStrategy"),
        "type",
        "spec.updateStrategy",
        "OnDelete",
        "RollingUpdate");
    checks.notNegative(
        spec.treeOrEmpty("updateStrategy", "rollingUpdate"),
        "partition",
        "spec.updateStrategy.rollingUpdate");
    checks.notNegative(spec.treeOrEmpty("ordinals"), "start", "spec.ordinals");
    WorkloadRules.selector(spec, checks);
    WorkloadRules.template(spec, "StatefulSet", checks);
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    Tree next = object.treeOrEmpty("spec").copy();
    Tree before = live.treeOrEmpty("spec").copy();
    for (String field : CHANGEABLE) {
      next.remove(field);
      before.remove(field);
    }
    if (!next.equals(before)) {
      checks.forbidden(
          "spec",
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
              + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'"
              + " and 'minReadySeconds' are forbidden");
    }
  }
}
