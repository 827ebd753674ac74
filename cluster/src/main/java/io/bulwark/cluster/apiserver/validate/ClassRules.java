package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.Map;
import java.util.Objects;

/** The classes that pods name: how urgent they are, and what runs them. */
final class ClassRules {
  private static final long HIGHEST = 1_000_000_000;
  private static final Map<String, Long> SYSTEM =
      Map.of("system-cluster-critical", 2_000_000_000L, "system-node-critical", 2_000_001_000L);

  static final Rules PRIORITY =
      new Rules() {
        @Override
        public void check(Tree object, Checks checks) {
          priority(object, checks);
        }

        @Override
        public void checkUpdate(Tree object, Tree live, Checks checks) {
          if (object.number(0, "value") != live.number(0, "value")) {
            checks.forbidden("value", "may not be changed in an update.");
          }
          checks.immutable(object, live, "preemptionPolicy", "preemptionPolicy");
        }
      };

  static final Rules RUNTIME =
      new Rules() {
        @Override
        public void check(Tree object, Checks checks) {
          String handler = object.textOrEmpty("handler");
          if (handler.isEmpty()) {
            checks.required("handler", "");
          } else {
            checks.syntax("handler", handler, Syntax.label(handler));
          }
          ResourceRules.check(
              Tree.of("limits", object.treeOrEmpty("overhead", "podFixed").copy()),
              "overhead",
              checks);
          MetadataRules.labels(
              object.treeOrEmpty("scheduling", "nodeSelector"), "scheduling.nodeSelector", checks);
        }

        @Override
        public void checkUpdate(Tree object, Tree live, Checks checks) {
          checks.immutable(object, live, "handler", "handler");
        }
      };

  private ClassRules() {}

  private static void priority(Tree object, Checks checks) {
    String name = Meta.name(object);
    long value = object.number(0, "value");
    if (!name.startsWith("system-")) {
      if (value > HIGHEST) {
        checks.forbidden("value", "maximum allowed value of a user defined priority is " + HIGHEST);
      }
      return;
    }
    Long known = SYSTEM.get(name);
    String problem =
        known == null
            ? name + " is not a known system priority class"
            : !Objects.equals(known, value)
                ? "value of " + name + " PriorityClass must be " + known
                : object.flag("globalDefault")
                    ? "globalDefault of " + name + " PriorityClass must be false"
                    : "";
    if (!problem.isEmpty()) {
      checks.forbidden(
          "metadata.name",
          "priority class names with 'system-' prefix are reserved for system use only. error: "
              + problem);
    }
  }
}
