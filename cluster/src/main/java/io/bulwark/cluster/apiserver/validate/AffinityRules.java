package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Node and pod affinity: terms, weights and expressions. */
final class AffinityRules {
  private AffinityRules() {}

  static void check(Tree affinity, String path, Checks checks) {
    String required = "requiredDuringSchedulingIgnoredDuringExecution";
    String preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    String node = path + ".nodeAffinity.";
    terms(
        affinity.trees("nodeAffinity", required, "nodeSelectorTerms"),
        node + required + ".nodeSelectorTerms",
        checks);
    List<Tree> preferences = affinity.trees("nodeAffinity", preferred);
    for (int i = 0; i < preferences.size(); i++) {
      String at = node + preferred + "[" + i + "]";
      weight(preferences.get(i), at, checks);
      expressions(
          preferences.get(i).trees("preference", "matchExpressions"),
          at + ".preference.matchExpressions",
          checks);
    }
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      List<Tree> weighted = affinity.trees(kind, preferred);
      for (int i = 0; i < weighted.size(); i++) {
        weight(weighted.get(i), path + "." + kind + "." + preferred + "[" + i + "]", checks);
      }
    }
  }

  private static void terms(List<Tree> terms, String path, Checks checks) {
    for (int i = 0; i < terms.size(); i++) {
      expressions(
          terms.get(i).trees("matchExpressions"), path + "[" + i + "].matchExpressions", checks);
    }
  }

  private static void weight(Tree preference, String path, Checks checks) {
    long weight = preference.number(0, "weight");
    if (weight < 1 || weight > 100) {
      checks.invalid(path + ".weight", weight, "must be in the range 1-100");
    }
  }

  private static void expressions(List<Tree> expressions, String path, Checks checks) {
    for (int i = 0; i < expressions.size(); i++) {
      Tree expression = expressions.get(i);
      String at = path + "[" + i + "]";
      int values = expression.list("values").size();
      String key = expression.textOrEmpty("key");
      checks.syntax(at + ".key", key, Syntax.qualified(key));
      switch (expression.textOrEmpty("operator")) {
        case "In", "NotIn" -> {
          if (values == 0) {
            checks.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
          }
        }
        case "Exists", "DoesNotExist" -> {
          if (values > 0) {
            checks.forbidden(
                at + ".values",
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
          }
        }
        case "Gt", "Lt" -> {
          if (values != 1) {
            checks.required(
                at + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
          }
        }
        default ->
            checks.invalid(
                at + ".operator",
                expression.textOrEmpty("operator"),
                "not a valid selector operator");
      }
    }
  }
}
