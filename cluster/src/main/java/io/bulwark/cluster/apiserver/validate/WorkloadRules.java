package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all kinds have in common that keep pods of a template running. */
final class WorkloadRules {
  private WorkloadRules() {}

  static void counts(Tree spec, Checks checks, String... fields) {
    for (String field : fields) {
      checks.notNegative(spec, field, "spec");
    }
  }

  /** A selector by expressions, which must select the pods of its template. */
  static void selector(Tree spec, Checks checks) {
    Tree selector = spec.tree("selector");
    if (selector == null) {
      checks.required("spec.selector", "");
      return;
    }
    if (selector.treeOrEmpty("matchLabels").isEmpty()
        && selector.list("matchExpressions").isEmpty()) {
      checks.invalid("spec.selector", selector, "empty selector is invalid for deployment");
      return;
    }
    if (expressions(selector, checks)) {
      matches(LabelSelector.of(selector), spec, checks);
    }
  }

  /** Whether a selector can be read; says what is wrong with it. */
  static boolean expressions(Tree selector, Checks checks) {
    boolean sound = true;
    MetadataRules.labels(selector.treeOrEmpty("matchLabels"), "spec.selector.matchLabels", checks);
    List<Tree> expressions = selector.trees("matchExpressions");
    for (int i = 0; i < expressions.size(); i++) {
      Tree expression = expressions.get(i);
      String at = "spec.selector.matchExpressions[" + i + "]";
      int values = expression.list("values").size();
      String key = expression.textOrEmpty("key");
      List<String> problems = Syntax.qualified(key);
      checks.syntax(at + ".key", key, problems);
      sound &= problems.isEmpty();
      switch (expression.textOrEmpty("operator")) {
        case "In", "NotIn" -> {
          if (values == 0) {
            checks.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
            sound = false;
          }
          sound &= values(expression, at, checks);
        }
        case "Exists", "DoesNotExist" -> {
          if (values > 0) {
            checks.forbidden(
                at + ".values",
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
            sound = false;
          }
        }
        default -> {
          checks.invalid(
              at + ".operator",
              expression.textOrEmpty("operator"),
              "not a valid selector operator");
          sound = false;
        }
      }
    }
    return sound;
  }

  private static boolean values(Tree expression, String path, Checks checks) {
    boolean sound = true;
    List<String> values = expression.texts("values");
    for (int i = 0; i < values.size(); i++) {
      List<String> problems = Syntax.labelValue(values.get(i));
      checks.syntax(path + ".values[" + i + "]", values.get(i), problems);
      sound &= problems.isEmpty();
    }
    return sound;
  }

  static void matches(LabelSelector selector, Tree spec, Checks checks) {
    Tree labels = spec.treeOrEmpty("template", "metadata", "labels");
    if (!selector.matchesLabels(labels)) {
      checks.invalid(
          "spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
    }
  }

  static void template(Tree spec, String kind, Checks checks) {
    PodTemplateRules.template(spec.treeOrEmpty("template"), "spec.template", checks);
    String policy = spec.textOrEmpty("template", "spec", "restartPolicy");
    if (!policy.equals("Always")) {
      checks.add(
          FieldError.notSupported("spec.template.spec.restartPolicy", policy, List.of("Always")));
    }
    if (spec.has("template", "spec", "activeDeadlineSeconds")) {
      checks.forbidden(
          "spec.template.spec.activeDeadlineSeconds",
          "activeDeadlineSeconds in " + kind + " is not Supported");
    }
  }

  /** A count or a percentage; its number, or null where it is malformed. */
  static @Nullable Long countOrPercent(@Nullable Object value, String path, Checks checks) {
    return switch (value) {
      case null -> 0L;
      case Long number -> {
        if (number < 0) {
          checks.invalid(path, number, "must be greater than or equal to 0");
        }
        yield number;
      }
      case String text when text.matches("[0-9]{1,9}%") ->
          Long.valueOf(text.substring(0, text.length() - 1));
      default -> {
        checks.invalid(
            path,
            value,
            "a valid percent string must be a numeric string followed by an ending '%' (e.g."
                + " '1%',  or '93%', regex used for validation is '[0-9]+%')");
        yield null;
      }
    };
  }
}
