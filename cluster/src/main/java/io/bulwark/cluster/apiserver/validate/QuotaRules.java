package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Resource quotas: what may be bounded, and for which pods. */
final class QuotaRules implements Rules {
  private static final Set<String> STANDARD =
      Set.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.storage",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage",
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "persistentvolumeclaims",
          "configmaps",
          "services.nodeports",
          "services.loadbalancers");
  private static final Set<String> SCOPES =
      Set.of(
          "Terminating",
          "NotTerminating",
          "BestEffort",
          "NotBestEffort",
          "PriorityClass",
          "CrossNamespacePodAffinity",
          "VolumeAttributesClass");
  private static final Set<String> EXISTENTIAL =
      Set.of(
          "Terminating",
          "NotTerminating",
          "BestEffort",
          "NotBestEffort",
          "CrossNamespacePodAffinity");

  @Override
  public void check(Tree object, Checks checks) {
    Tree hard = object.treeOrEmpty("spec", "hard");
    hard.forEach(
        (resource, bound) -> {
          String path = "spec.hard[" + resource + "]";
          checks.syntax(path, resource, Syntax.qualified(resource));
          boolean standard =
              STANDARD.contains(resource)
                  || resource.contains("hugepages-")
                  || resource.startsWith("requests.hugepages-");
          if (!resource.contains("/") && !standard) {
            checks.invalid(path, resource, "must be a standard resource for quota");
          }
          Quantity amount = Quantity.of(bound);
          if (amount.sign() < 0) {
            checks.invalid(path, bound, "must be greater than or equal to 0");
          }
          boolean counted = !resource.contains(".") && !Set.of("cpu", "memory").contains(resource);
          if (counted && standard && STANDARD.contains(resource) && !whole(resource, amount)) {
            checks.invalid(path, bound, "must be an integer");
          }
        });
    scopes(object, hard, checks);
    selector(object.trees("spec", "scopeSelector", "matchExpressions"), checks);
  }

  private static boolean whole(String resource, Quantity amount) {
    return resource.equals("ephemeral-storage") || amount.milliValue() % 1000 == 0;
  }

  private static void scopes(Tree object, Tree hard, Checks checks) {
    List<String> scopes = object.texts("spec", "scopes");
    Object shown = object.list("spec", "scopes");
    for (String scope : scopes) {
      if (!SCOPES.contains(scope)) {
        checks.invalid("spec.scopes", shown, "unsupported scope");
        continue;
      }
      for (String resource : hard.keySet()) {
        if (STANDARD.contains(resource) && !fits(scope, resource)) {
          checks.invalid("spec.scopes", shown, "unsupported scope applied to resource");
        }
      }
    }
    for (String pair : List.of("BestEffort", "Terminating")) {
      if (scopes.contains(pair) && scopes.contains("Not" + pair)) {
        checks.invalid("spec.scopes", shown, "conflicting scopes");
      }
    }
  }

  /** Whether objects counted for a resource can be told apart by a scope. */
  private static boolean fits(String scope, String resource) {
    boolean pod =
        resource.equals("pods")
            || resource.endsWith("cpu")
            || resource.endsWith("memory")
            || resource.endsWith("ephemeral-storage");
    return switch (scope) {
      case "BestEffort" -> resource.equals("pods");
      case "VolumeAttributesClass" ->
          resource.equals("persistentvolumeclaims") || resource.equals("requests.storage");
      default -> pod;
    };
  }

  private static void selector(List<Tree> expressions, Checks checks) {
    String path = "spec.scopeSelector.matchExpressions";
    for (Tree expression : expressions) {
      String scope = expression.textOrEmpty("scopeName");
      String operator = expression.textOrEmpty("operator");
      if (!SCOPES.contains(scope)) {
        checks.invalid(path + ".scopeName", scope, "unsupported scope");
      }
      if (EXISTENTIAL.contains(scope) && !operator.equals("Exists")) {
        checks.invalid(
            path + ".operator",
            operator,
            "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                + " ResourceQuotaScopeNotBestEffort or"
                + " ResourceQuotaScopeCrossNamespacePodAffinity");
      }
      boolean valued = !expression.list("values").isEmpty();
      switch (operator) {
        case "In", "NotIn" -> {
          if (!valued) {
            checks.required(
                path + ".values",
                "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
          }
        }
        case "Exists", "DoesNotExist" -> {
          if (valued) {
            checks.invalid(
                path + ".values",
                expression.list("values"),
                "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
          }
        }
        default -> checks.invalid(path + ".operator", operator, "not a valid selector operator");
      }
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    var next = new TreeSet<>(object.texts("spec", "scopes"));
    if (!next.equals(new TreeSet<>(live.texts("spec", "scopes")))) {
      checks.invalid("spec.scopes", object.list("spec", "scopes"), "field is immutable");
    }
  }
}
