package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;

/** Replica sets. */
final class ReplicaSetRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    WorkloadRules.counts(spec, checks, "replicas", "minReadySeconds");
    WorkloadRules.selector(spec, checks);
    WorkloadRules.template(spec, "ReplicaSet", checks);
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    checks.immutable(object, live, "spec.selector", "spec", "selector");
  }
}
