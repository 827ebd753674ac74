package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.Set;

/** Resource requests and limits of a container. */
final class ResourceRules {
  private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");

  private ResourceRules() {}

  static void check(Tree resources, String path, Checks checks) {
    Tree limits = resources.treeOrEmpty("limits");
    Tree requests = resources.treeOrEmpty("requests");
    limits.forEach((name, value) -> quantity(name, value, path + ".limits", checks));
    requests.forEach(
        (name, value) -> {
          quantity(name, value, path + ".requests", checks);
          Object limit = limits.get(name);
          boolean overcommits = STANDARD.contains(name);
          if (limit == null) {
            if (!overcommits) {
              checks.required(
                  path + ".limits", "Limit must be set for non overcommitable resources");
            }
            return;
          }
          int order = Quantity.of(value).compareTo(Quantity.of(limit));
          if (order > 0 && overcommits) {
            checks.invalid(
                path + ".requests",
                value,
                "must be less than or equal to " + name + " limit of " + limit);
          } else if (order != 0 && !overcommits) {
            checks.invalid(
                path + ".requests", value, "must be equal to " + name + " limit of " + limit);
          }
        });
  }

  private static void quantity(
      String name, @org.jspecify.annotations.Nullable Object value, String path, Checks checks) {
    String at = path + "." + name;
    checks.syntax(at, name, Syntax.qualified(name));
    boolean page = name.startsWith("hugepages-");
    if (!name.contains("/") && !STANDARD.contains(name) && !page) {
      checks.invalid(at, name, "must be a standard resource type or fully qualified");
    }
    Quantity amount = Quantity.of(value);
    if (amount.sign() < 0) {
      checks.invalid(at, value, "must be greater than or equal to 0");
    }
    if (name.contains("/") && amount.milliValue() % 1000 != 0) {
      checks.invalid(at, value, "must be an integer");
    }
  }
}
