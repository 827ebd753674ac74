package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;

/** Leases. */
final class LeaseRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    checks.positive(spec, "leaseDurationSeconds", "spec");
    checks.notNegative(spec, "leaseTransitions", "spec");
  }
}
