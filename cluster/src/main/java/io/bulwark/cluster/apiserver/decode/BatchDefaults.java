package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;

/** Defaults of Jobs and CronJobs. */
final class BatchDefaults {
  private BatchDefaults() {}

  static void job(Tree object) {
    Tree spec = object.child("spec");
    if (!spec.has("completions") && !spec.has("parallelism")) {
      spec.put("completions", 1L);
    }
    Absent.put(spec, "parallelism", 1L);
    Absent.put(spec, "backoffLimit", spec.has("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6L);
    Absent.put(spec, "completionMode", "NonIndexed");
    Absent.put(spec, "suspend", false);
    Absent.put(spec, "manualSelector", false);
    Absent.put(
        spec,
        "podReplacementPolicy",
        spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    Tree labels = spec.treeOrEmpty("template", "metadata", "labels");
    if (!labels.isEmpty() && object.treeOrEmpty("metadata", "labels").isEmpty()) {
      object.child("metadata").put("labels", labels.copy());
    }
    template(spec);
  }

  private static void template(Tree spec) {
    for (Tree rule : spec.trees("podFailurePolicy", "rules")) {
      rule.trees("onPodConditions").forEach(pattern -> Absent.text(pattern, "status", "True"));
    }
    PodDefaults.template(spec.child("template"));
  }

  static void cronJob(Tree object) {
    Tree spec = object.child("spec");
    Absent.text(spec, "concurrencyPolicy", "Allow");
    Absent.put(spec, "suspend", false);
    Absent.put(spec, "successfulJobsHistoryLimit", 3L);
    Absent.put(spec, "failedJobsHistoryLimit", 1L);
    template(spec.child("jobTemplate", "spec"));
  }
}
