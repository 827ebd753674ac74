package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Roles and cluster roles. */
final class RoleRules implements Rules {
  private final boolean namespaced;

  RoleRules(boolean namespaced) {
    this.namespaced = namespaced;
  }

  @Override
  public void check(Tree object, Checks checks) {
    List<Tree> rules = object.trees("rules");
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.get(i), "rules[" + i + "]", checks);
    }
  }

  private void rule(Tree rule, String path, Checks checks) {
    if (rule.list("verbs").isEmpty()) {
      checks.required(path + ".verbs", "verbs must contain at least one value");
    }
    boolean resources = !rule.list("resources").isEmpty();
    boolean groups = !rule.list("apiGroups").isEmpty();
    if (!rule.list("nonResourceURLs").isEmpty()) {
      String at = path + ".nonResourceURLs";
      if (namespaced) {
        checks.invalid(
            at, rule.list("nonResourceURLs"), "namespaced rules cannot apply to non-resource URLs");
      }
      if (resources || groups || !rule.list("resourceNames").isEmpty()) {
        checks.invalid(
            at,
            rule.list("nonResourceURLs"),
            "rules cannot apply to both regular resources and non-resource URLs");
      }
      return;
    }
    if (!groups) {
      checks.required(path + ".apiGroups", "resource rules must supply at least one api group");
    }
    if (!resources) {
      checks.required(path + ".resources", "resource rules must supply at least one resource");
    }
  }
}
