package io.bulwark.cluster.quota;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which objects a quota with scopes is about.
 *
 * <p>Source: kubernetes pkg/quota/v1/evaluator/core, podMatchesScopeFunc.
 */
public final class QuotaScope {
  private QuotaScope() {}

  /** Whether a quota's scopes, all of them, take the object in; without scopes they always do. */
  public static boolean matches(Tree quota, Resource resource, Tree object) {
    for (String scope : quota.texts("spec", "scopes")) {
      if (!matches(scope, "Exists", List.of(), resource, object)) {
        return false;
      }
    }
    for (Tree expression : quota.trees("spec", "scopeSelector", "matchExpressions")) {
      if (!matches(
          expression.textOrEmpty("scopeName"),
          expression.textOrEmpty("operator"),
          expression.texts("values"),
          resource,
          object)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(
      String scope, String operator, List<String> values, Resource resource, Tree object) {
    boolean pod = resource.group().isEmpty() && resource.resource().equals("pods");
    boolean claim =
        resource.group().isEmpty() && resource.resource().equals("persistentvolumeclaims");
    return switch (scope) {
      case "Terminating" -> pod && terminating(object);
      case "NotTerminating" -> pod && !terminating(object);
      case "BestEffort" -> pod && bestEffort(object);
      case "NotBestEffort" -> pod && !bestEffort(object);
      case "PriorityClass" ->
          pod && selects(operator, values, object.textOrEmpty("spec", "priorityClassName"));
      case "VolumeAttributesClass" ->
          claim
              && selects(operator, values, object.textOrEmpty("spec", "volumeAttributesClassName"));
      case "CrossNamespacePodAffinity" -> pod && looksAbroad(object);
      default -> false;
    };
  }

  private static boolean selects(String operator, List<String> values, String name) {
    return switch (operator) {
      case "In" -> values.contains(name);
      case "NotIn" -> !values.contains(name);
      case "Exists" -> !name.isEmpty();
      case "DoesNotExist" -> name.isEmpty();
      default -> false;
    };
  }

  /** Whether a pod has a deadline after which it is ended. */
  public static boolean terminating(Tree pod) {
    return pod.get("spec") instanceof Tree spec
        && spec.get("activeDeadlineSeconds") instanceof Long deadline
        && deadline >= 0;
  }

  private static boolean bestEffort(Tree pod) {
    Stream<Tree> holders =
        Stream.concat(
            Stream.of(pod.treeOrEmpty("spec")),
            Stream.concat(
                pod.trees("spec", "containers").stream(),
                pod.trees("spec", "initContainers").stream()));
    return holders.noneMatch(
        holder ->
            Stream.of("requests", "limits")
                .map(part -> holder.treeOrEmpty("resources", part))
                .anyMatch(amounts -> asks(amounts, "cpu") || asks(amounts, "memory")));
  }

  private static boolean asks(Tree amounts, String name) {
    return io.bulwark.api.quantity.Quantity.of(amounts.get(name)).sign() > 0;
  }

  private static boolean looksAbroad(Tree pod) {
    for (String form : List.of("podAffinity", "podAntiAffinity")) {
      Tree affinity = pod.treeOrEmpty("spec", "affinity", form);
      Stream<Tree> terms =
          Stream.concat(
              affinity.trees("requiredDuringSchedulingIgnoredDuringExecution").stream(),
              affinity.trees("preferredDuringSchedulingIgnoredDuringExecution").stream()
                  .map(weighted -> weighted.treeOrEmpty("podAffinityTerm")));
      if (terms.anyMatch(
          term -> !term.list("namespaces").isEmpty() || term.has("namespaceSelector"))) {
        return true;
      }
    }
    return false;
  }
}
