package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import java.util.List;

/**
 * Jobs, and the template of Jobs in a CronJob.
 *
 * <p>Source: kubernetes pkg/apis/batch/validation.
 */
final class JobRules implements Rules {
  private static final List<String> COUNTS =
      List.of(
          "parallelism",
          "completions",
          "activeDeadlineSeconds",
          "backoffLimit",
          "ttlSecondsAfterFinished",
          "backoffLimitPerIndex",
          "maxFailedIndexes");

  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    spec(spec, "spec", checks);
    Tree selector = spec.tree("selector");
    if (selector == null) {
      checks.required("spec.selector", "");
    } else if (WorkloadRules.expressions(selector, checks)) {
      WorkloadRules.matches(LabelSelector.of(selector), spec, checks);
    }
  }

  static void spec(Tree spec, String path, Checks checks) {
    COUNTS.forEach(field -> checks.notNegative(spec, field, path));
    if (spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex")) {
      checks.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
    }
    if (spec.textOrEmpty("completionMode").equals("Indexed")) {
      indexed(spec, path, checks);
    } else {
      for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")) {
        if (spec.has(field)) {
          checks.invalid(path + "." + field, spec.get(field), "requires indexed completion mode");
        }
      }
    }
    PodTemplateRules.template(spec.treeOrEmpty("template"), path + ".template", checks);
    restart(spec, path, checks);
  }

  private static void indexed(Tree spec, String path, Checks checks) {
    if (!spec.has("completions")) {
      checks.required(path + ".completions", "when completion mode is Indexed");
    }
    long parallelism = spec.number(0, "parallelism");
    if (parallelism > 100_000) {
      checks.invalid(
          path + ".parallelism",
          parallelism,
          "must be less than or equal to 100000 when completion mode is Indexed");
    }
    if (spec.has("maxFailedIndexes")
        && spec.number(0, "maxFailedIndexes") > spec.number(Long.MAX_VALUE, "completions")) {
      checks.invalid(
          path + ".maxFailedIndexes",
          spec.get("maxFailedIndexes"),
          "must be less than or equal to completions");
    }
    if (spec.has("successPolicy") && spec.list("successPolicy", "rules").isEmpty()) {
      checks.required(
          path + ".successPolicy.rules",
          "at least one rules must be specified when the successPolicy is specified");
    }
  }

  private static void restart(Tree spec, String path, Checks checks) {
    String at = path + ".template.spec.restartPolicy";
    String policy = spec.textOrEmpty("template", "spec", "restartPolicy");
    if (policy.isEmpty() || policy.equals("Always")) {
      checks.required(at, "valid values: \"OnFailure\", \"Never\"");
    } else if (!policy.equals("OnFailure") && !policy.equals("Never")) {
      checks.add(FieldError.notSupported(at, policy, List.of("OnFailure", "Never")));
    } else if (spec.has("podFailurePolicy") && !policy.equals("Never")) {
      checks.invalid(at, policy, "only \"Never\" is supported when podFailurePolicy is specified");
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    boolean elastic =
        live.textOrEmpty("spec", "completionMode").equals("Indexed")
            && object.number(-1, "spec", "completions") == object.number(-2, "spec", "parallelism");
    if (!elastic) {
      checks.immutable(object, live, "spec.completions", "spec", "completions");
    }
    for (String field :
        List.of(
            "selector",
            "completionMode",
            "podFailurePolicy",
            "backoffLimitPerIndex",
            "managedBy",
            "successPolicy")) {
      checks.immutable(object, live, "spec." + field, "spec", field);
    }
    boolean waiting = live.flag("spec", "suspend") && !live.has("status", "startTime");
    if (!waiting) {
      checks.immutable(object, live, "spec.template", "spec", "template");
    }
  }
}
