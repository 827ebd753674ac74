package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Nodes: taints, and what is set once. */
final class NodeRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    List<Tree> taints = object.trees("spec", "taints");
    Checks.Unique seen = checks.new Unique();
    for (int i = 0; i < taints.size(); i++) {
      Tree taint = taints.get(i);
      String at = "spec.taints[" + i + "]";
      String key = taint.textOrEmpty("key");
      checks.syntax(at + ".key", key, Syntax.qualified(key));
      String value = taint.textOrEmpty("value");
      checks.syntax(at + ".value", value, Syntax.labelValue(value));
      if (taint.textOrEmpty("effect").isEmpty()) {
        checks.required(at + ".effect", "");
      }
      seen.add(at, Tree.of("effect", taint.textOrEmpty("effect"), "key", key));
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    once(object, live, "podCIDR", "podCIDRs", checks);
    once(object, live, "providerID", "providerID", checks);
  }

  private static void once(Tree object, Tree live, String field, String path, Checks checks) {
    String before = live.textOrEmpty("spec", field);
    if (!before.isEmpty() && !object.textOrEmpty("spec", field).equals(before)) {
      checks.forbidden(
          "spec." + path, "node updates may not change " + field + " except from \"\" to valid");
    }
  }
}
