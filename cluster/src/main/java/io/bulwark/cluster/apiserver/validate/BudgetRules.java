package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;

/**
 * Pod disruption budgets.
 *
 * <p>Source: kubernetes pkg/apis/policy/validation.
 */
final class BudgetRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
      checks.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
    }
    for (String field : new String[] {"minAvailable", "maxUnavailable"}) {
      String path = "spec." + field;
      Long number = WorkloadRules.countOrPercent(spec.get(field), path, checks);
      if (number != null && spec.get(field) instanceof String && number > 100) {
        checks.invalid(path, spec.get(field), "must not be greater than 100%");
      }
    }
    Tree selector = spec.treeOrEmpty("selector");
    WorkloadRules.expressions(selector, checks);
    String policy = spec.textOrEmpty("unhealthyPodEvictionPolicy");
    if (!policy.isEmpty()) {
      checks.oneOf(spec, "unhealthyPodEvictionPolicy", "spec", "AlwaysAllow", "IfHealthyBudget");
    }
  }
}
