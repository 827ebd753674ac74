package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;

/** Pods, and what an update may change in them. */
final class PodRules implements Rules {
  private static final String UPDATES =
      "pod updates may not change fields other than"
          + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
          + "`spec.tolerations` (only additions to existing"
          + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
          + " previously negative)";

  @Override
  public void check(Tree object, Checks checks) {
    PodSpecRules.check(object.treeOrEmpty("spec"), "spec", checks);
  }

  @Override
  public void checkCreate(Tree object, Checks checks) {
    if (!object.list("spec", "ephemeralContainers").isEmpty()) {
      checks.forbidden("spec.ephemeralContainers", "cannot be set on create");
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    Tree next = object.treeOrEmpty("spec");
    Tree before = live.treeOrEmpty("spec");
    boolean counted = true;
    for (String list : List.of("containers", "initContainers")) {
      if (next.list(list).size() != before.list(list).size()) {
        checks.forbidden("spec." + list, "pod updates may not add or remove containers");
        counted = false;
      }
    }
    if (!counted) {
      return;
    }
    deadline(next, before, checks);
    tolerations(next, before, checks);
    gates(next, before, checks);
    if (!fixed(next, before).equals(before)) {
      checks.forbidden("spec", UPDATES);
    }
  }

  private static void deadline(Tree next, Tree before, Checks checks) {
    if (!(before.get("activeDeadlineSeconds") instanceof Long old)) {
      return;
    }
    String path = "spec.activeDeadlineSeconds";
    if (!(next.get("activeDeadlineSeconds") instanceof Long given)) {
      checks.invalid(path, null, "must not update from a positive integer to nil value");
    } else if (given > old) {
      checks.invalid(path, given, "must be less than or equal to previous value");
    }
  }

  private static void tolerations(Tree next, Tree before, Checks checks) {
    List<Tree> kept = next.trees("tolerations").stream().map(PodRules::timeless).toList();
    for (Tree toleration : before.trees("tolerations")) {
      if (!kept.contains(timeless(toleration))) {
        checks.forbidden(
            "spec.tolerations",
            "existing toleration can not be modified except its tolerationSeconds");
        return;
      }
    }
  }

  private static Tree timeless(Tree toleration) {
    Tree copy = toleration.copy();
    copy.remove("tolerationSeconds");
    return copy;
  }

  private static void gates(Tree next, Tree before, Checks checks) {
    for (Object gate : next.list("schedulingGates")) {
      if (!before.list("schedulingGates").contains(gate)) {
        checks.forbidden(
            "spec.schedulingGates",
            "only deletion is allowed, but found new scheduling gate '"
                + (gate instanceof Tree tree ? tree.textOrEmpty("name") : "")
                + "'");
      }
    }
  }

  /** The new spec with all that may change as it was. */
  private static Tree fixed(Tree next, Tree before) {
    Tree fixed = next.copy();
    boolean gated = !before.list("schedulingGates").isEmpty();
    for (String field : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates")) {
      restore(fixed, before, field);
    }
    if (gated) {
      restore(fixed, before, "nodeSelector");
      restore(fixed, before, "affinity");
    }
    if (before.number(0, "terminationGracePeriodSeconds") < 0
        && next.number(0, "terminationGracePeriodSeconds") == 1) {
      restore(fixed, before, "terminationGracePeriodSeconds");
    }
    for (String list : List.of("containers", "initContainers")) {
      TreeList containers = fixed.list(list);
      for (int i = 0; i < containers.size(); i++) {
        if (containers.get(i) instanceof Tree container
            && before.list(list).get(i) instanceof Tree old) {
          restore(container, old, "image");
        }
      }
    }
    return fixed;
  }

  private static void restore(Tree tree, Tree before, String field) {
    if (before.containsKey(field)) {
      tree.put(field, before.get(field));
    } else {
      tree.remove(field);
    }
  }
}
