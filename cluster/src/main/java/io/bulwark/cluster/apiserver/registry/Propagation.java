package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.util.HashSet;
import java.util.List;

/** What becomes of dependents: finalizers that tell garbage collection. */
final class Propagation {
  static final String ORPHAN = "orphan";
  static final String FOREGROUND = "foregroundDeletion";

  private Propagation() {}

  /**
   * @return whether the finalizers changed
   */
  static boolean apply(Kind kind, Tree object, Tree options) {
    if (kind.resource().kind().equals("Event")) {
      return false; // Garbage collection leaves events alone: they have no dependents.
    }
    List<String> before = Meta.finalizers(object);
    TreeList after = new TreeList();
    before.stream().filter(f -> !f.equals(ORPHAN) && !f.equals(FOREGROUND)).forEach(after::add);
    String policy = policy(kind, before, options);
    if (policy.equals("Orphan")) {
      after.add(ORPHAN);
    } else if (policy.equals("Foreground")) {
      after.add(FOREGROUND);
    }
    if (new HashSet<>(before).equals(new HashSet<>(after.texts()))) {
      return false;
    }
    if (after.isEmpty()) {
      object.drop("metadata", "finalizers");
    } else {
      object.set(after, "metadata", "finalizers");
    }
    return true;
  }

  private static String policy(Kind kind, List<String> finalizers, Tree options) {
    if (options.has("orphanDependents")) {
      return options.flag("orphanDependents") ? "Orphan" : "Background";
    }
    String asked = options.text("propagationPolicy");
    if (asked != null) {
      return asked;
    }
    if (finalizers.contains(ORPHAN)) {
      return "Orphan";
    }
    if (finalizers.contains(FOREGROUND)) {
      return "Foreground";
    }
    return kind.strategy().orphansDependents() ? "Orphan" : "Background";
  }
}
