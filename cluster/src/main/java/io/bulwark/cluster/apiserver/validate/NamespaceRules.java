package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Namespaces. */
final class NamespaceRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    List<String> finalizers = object.texts("spec", "finalizers");
    for (int i = 0; i < finalizers.size(); i++) {
      String finalizer = finalizers.get(i);
      String at = "spec.finalizers[" + i + "]";
      checks.syntax(at, finalizer, Syntax.qualified(finalizer));
      if (!finalizer.contains("/")
          && !List.of("kubernetes", "orphan", "foregroundDeletion").contains(finalizer)) {
        checks.invalid(
            at, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
  }
}
