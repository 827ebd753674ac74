package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;

/** Replication controllers, whose selector is a plain map. */
final class ReplicationControllerRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    WorkloadRules.counts(spec, checks, "replicas", "minReadySeconds");
    if (spec.tree("template") == null) {
      checks.required("spec.template", "");
      return;
    }
    Tree selector = spec.treeOrEmpty("selector");
    if (selector.isEmpty()) {
      checks.required("spec.selector", "");
    } else {
      WorkloadRules.matches(LabelSelector.ofLabels(selector), spec, checks);
    }
    WorkloadRules.template(spec, "ReplicationController", checks);
  }
}
