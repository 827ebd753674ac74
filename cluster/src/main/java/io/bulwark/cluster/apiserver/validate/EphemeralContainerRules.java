package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Containers that were added to look into a running pod: they stay as they are. */
final class EphemeralContainerRules {
  private static final String PATH = "spec.ephemeralContainers";

  private EphemeralContainerRules() {}

  static void checkUpdate(Tree pod, Tree live, Checks checks) {
    for (Tree before : live.trees("spec", "ephemeralContainers")) {
      String name = before.textOrEmpty("name");
      Tree after = named(pod, name);
      String existing = "existing ephemeral containers \"" + name + "\" may not be ";
      if (after == null) {
        checks.forbidden(PATH, existing + "removed\n");
      } else if (!after.equals(before)) {
        checks.forbidden(PATH, existing + "changed\n");
      }
    }
  }

  private static @Nullable Tree named(Tree pod, String name) {
    for (Tree container : pod.trees("spec", "ephemeralContainers")) {
      if (container.textOrEmpty("name").equals(name)) {
        return container;
      }
    }
    return null;
  }
}
