package io.bulwark.cluster.controller.job;

import io.bulwark.api.tree.Tree;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a Job ends, once that is known: first said as a target, then, when no pod is left, as done.
 *
 * <p>Source: kubernetes pkg/controller/job, syncJob.
 *
 * @param complete whether it is a success
 */
record Outcome(boolean complete, String reason, String message) {
  static boolean finished(Tree job) {
    return Conditions.status(job, "Complete").equals("True")
        || Conditions.status(job, "Failed").equals("True");
  }

  String target() {
    return complete ? "SuccessCriteriaMet" : "FailureTarget";
  }

  String end() {
    return complete ? "Complete" : "Failed";
  }

  /** The outcome of a Job so far, or null while it goes on. */
  static @Nullable Outcome of(Tree job, Tally tally, Instant now) {
    for (boolean complete : new boolean[] {true, false}) {
      Tree said = Conditions.find(job, complete ? "SuccessCriteriaMet" : "FailureTarget");
      if (said != null && "True".equals(said.text("status"))) {
        return new Outcome(complete, said.textOrEmpty("reason"), said.textOrEmpty("message"));
      }
    }
    Tree spec = job.treeOrEmpty("spec");
    if (tally.failJob != null) {
      return new Outcome(false, "PodFailurePolicy", tally.failJob);
    }
    Outcome success = success(spec, tally);
    if (success != null) {
      return success;
    }
    if (tally.failed() > spec.number(6, "backoffLimit")) {
      return new Outcome(
          false, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    if (overdue(job, now)) {
      return new Outcome(
          false, "DeadlineExceeded", "Job was active longer than specified deadline");
    }
    if (JobPods.indexed(job) && tally.perIndex()) {
      int failed = tally.failedIndexes().size();
      if (spec.has("maxFailedIndexes") && failed > spec.number(0, "maxFailedIndexes")) {
        return new Outcome(
            false,
            "MaxFailedIndexesExceeded",
            "Job has exceeded the specified maximal number of failed indexes");
      }
      if (failed > 0 && failed + tally.completed().size() >= spec.number(0, "completions")) {
        return new Outcome(false, "FailedIndexes", "Job has failed indexes");
      }
    }
    return completed(spec, tally);
  }

  private static @Nullable Outcome completed(Tree spec, Tally tally) {
    boolean enough =
        spec.has("completions")
            ? tally.succeeded() >= spec.number(0, "completions")
            : tally.succeeded() > 0 && tally.active.isEmpty();
    boolean none = spec.has("completions") && spec.number(0, "completions") == 0;
    return enough && (none || tally.succeeded() > 0)
        ? new Outcome(true, "CompletionsReached", "Reached expected number of succeeded pods")
        : null;
  }

  private static @Nullable Outcome success(Tree spec, Tally tally) {
    List<Tree> rules = spec.trees("successPolicy", "rules");
    for (int i = 0; i < rules.size(); i++) {
      Tree rule = rules.get(i);
      Indexes completed = tally.completed();
      int reached = completed.size();
      int wanted = (int) rule.number(reached + 1L, "succeededCount");
      String named = rule.textOrEmpty("succeededIndexes");
      if (!named.isEmpty()) {
        Indexes indexes = Indexes.parse(named, spec.number(0, "completions"));
        reached = completed.common(indexes);
        wanted = (int) rule.number(indexes.size(), "succeededCount");
      }
      if (reached >= wanted) {
        return new Outcome(true, "SuccessPolicy", "Matched rules at index " + i);
      }
    }
    return null;
  }

  private static boolean overdue(Tree job, Instant now) {
    Instant started = Timestamps.parse(job.text("status", "startTime"));
    return started != null
        && job.has("spec", "activeDeadlineSeconds")
        && !job.flag("spec", "suspend")
        && !now.isBefore(started.plusSeconds(job.number(0, "spec", "activeDeadlineSeconds")));
  }
}
