package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The kinds of batch/v1. */
final class BatchRows {
  private static final List<String> STATES =
      List.of("Suspended", "FailureTarget", "SuccessCriteriaMet");

  private final Ages ages;
  private final InstantSource clock;

  BatchRows(Ages ages, InstantSource clock) {
    this.ages = ages;
    this.clock = clock;
  }

  List<Kind> rows() {
    return List.of(cronJobs(), jobs());
  }

  private Kind cronJobs() {
    return Row.of(Resources.CRON_JOBS)
        .shortNames("cj")
        .categories("all")
        .status()
        .columns(
            Columns.name(),
            Columns.text("Schedule", "When Jobs are made.", o -> o.textOrEmpty("spec", "schedule")),
            Columns.text(
                "Timezone", "Where that is.", o -> Columns.orNone(o.text("spec", "timeZone"))),
            Columns.text(
                "Suspend",
                "Whether none are made.",
                o -> o.flag("spec", "suspend") ? "True" : "False"),
            Columns.integer(
                "Active", "Jobs that run.", o -> (long) o.list("status", "active").size()),
            Columns.text(
                "Last Schedule",
                "When the last was made.",
                o ->
                    o.has("status", "lastScheduleTime")
                        ? ages.since(o.text("status", "lastScheduleTime"))
                        : Columns.NONE),
            ages.column(),
            Columns.wide(
                "Containers",
                "Names of each container in the template.",
                o -> Columns.containers(template(o))),
            Columns.wide(
                "Images",
                "Images referenced by each container in the template.",
                o -> Columns.images(template(o))),
            Columns.wide(
                "Selector",
                "Label selector for pods.",
                o -> Columns.selector(o.treeOrEmpty("spec", "jobTemplate", "spec", "selector"))))
        .strategy(new SpecStrategy(true, false))
        .kind();
  }

  private static Tree template(Tree cronJob) {
    return cronJob.treeOrEmpty("spec", "jobTemplate", "spec", "template", "spec");
  }

  private Kind jobs() {
    return Row.of(Resources.JOBS)
        .categories("all")
        .status()
        .columns(
            Columns.name(),
            Columns.text("Status", "Status of the job.", BatchRows::state),
            Columns.text("Completions", "Pods that succeeded.", BatchRows::completions),
            Columns.text("Duration", "Time required to complete the job.", this::duration),
            ages.column(),
            AppsRows.containers(),
            AppsRows.images(),
            Columns.wide(
                "Selector",
                "Label selector for pods.",
                job -> Columns.selector(job.treeOrEmpty("spec", "selector"))))
        .selectable("status.successful", job -> AppsRows.count(job, "status", "succeeded"))
        .strategy(new JobStrategy())
        .kind();
  }

  private static String state(Tree job) {
    if (has(job, "Complete")) {
      return "Complete";
    }
    if (has(job, "Failed")) {
      return "Failed";
    }
    if (Meta.terminating(job)) {
      return "Terminating";
    }
    return STATES.stream().filter(type -> has(job, type)).findFirst().orElse("Running");
  }

  private static boolean has(Tree job, String type) {
    return job.trees("status", "conditions").stream()
        .anyMatch(
            condition ->
                condition.textOrEmpty("type").equals(type)
                    && condition.textOrEmpty("status").equals("True"));
  }

  private static String completions(Tree job) {
    long succeeded = job.number(0, "status", "succeeded");
    long parallelism = job.number(0, "spec", "parallelism");
    if (job.has("spec", "completions")) {
      return succeeded + "/" + job.number(0, "spec", "completions");
    }
    return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
  }

  private String duration(Tree job) {
    Instant start = Ages.parse(job.text("status", "startTime"));
    Instant end = Ages.parse(job.text("status", "completionTime"));
    return start == null
        ? ""
        : Ages.human(Duration.between(start, end == null ? clock.instant() : end));
  }
}
