package io.bulwark.cluster.controller.cronjob;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.schedule.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Jobs of CronJobs when their time has come, and clears away old ones.
 *
 * <p>Source: kubernetes pkg/controller/cronjob.
 */
public final class CronJobController implements Component {
  /** The service account. */
  public static final String NAME = "cronjob-controller";

  private static final Duration SYNCING = Duration.ofMillis(20);
  private static final int MANY_MISSED = 100;
  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  private final ControllerContext context;
  private final Informer cronJobs;
  private final Informer jobs;
  private final ControllerLoop<String> loop;

  /**
   * @param workers how many CronJobs are worked on at once
   */
  public CronJobController(ControllerContext context, int workers) {
    this.context = context;
    this.cronJobs = context.informers().of(Resources.CRON_JOBS);
    this.jobs = context.informers().of(Resources.JOBS);
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
    jobs.addIndex("cronjob", CronJobController::cronJobUid);
  }

  private static List<String> cronJobUid(Tree job) {
    Tree owner = Meta.controllerOf(job);
    return owner != null && "CronJob".equals(owner.text("kind"))
        ? List.of(owner.textOrEmpty("uid"))
        : List.of();
  }

  @Override
  public void start() {
    cronJobs.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(Meta.key(after));
          }
        });
    jobs.onChange(
        (before, after) -> {
          Tree job = after == null ? before : after;
          Tree owner = job == null ? null : Meta.controllerOf(job);
          if (job != null && owner != null && "CronJob".equals(owner.text("kind"))) {
            loop.add(Meta.namespace(job) + "/" + owner.textOrEmpty("name"));
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String key) {
    if (!cronJobs.synced() || !jobs.synced()) {
      return SYNCING;
    }
    Tree cached = cronJobs.get(key);
    if (cached == null) {
      return null;
    }
    Tree cronJob =
        context.client().find(Resources.CRON_JOBS, Meta.namespace(cached), Meta.name(cached));
    if (cronJob == null) {
      return null;
    }
    Tree status = cronJob.treeOrEmpty("status").copy();
    List<Tree> owned = new ArrayList<>(jobs.byIndex("cronjob", Meta.uid(cronJob)));
    observe(cronJob, status, owned);
    clear(cronJob, owned);
    Duration again =
        Meta.terminating(cronJob) || cronJob.flag("spec", "suspend")
            ? null
            : schedule(cronJob, status);
    if (!status.equals(cronJob.treeOrEmpty("status"))) {
      Tree changed = cronJob.copy();
      changed.put("status", status);
      context.client().updateStatus(Resources.CRON_JOBS, changed);
    }
    return again;
  }

  /** Brings the list of running Jobs up to date. */
  private void observe(Tree cronJob, Tree status, List<Tree> owned) {
    TreeList active = new TreeList();
    for (Tree reference : status.trees("active")) {
      Tree job =
          owned.stream()
              .filter(each -> Meta.uid(each).equals(reference.text("uid")))
              .findFirst()
              .orElse(null);
      if (job == null) {
        job =
            context
                .client()
                .find(Resources.JOBS, Meta.namespace(cronJob), reference.textOrEmpty("name"));
        if (job == null || !Meta.uid(job).equals(reference.text("uid"))) {
          context
              .events()
              .normal(
                  cronJob,
                  "MissingJob",
                  "Active job went missing: " + reference.textOrEmpty("name"));
          continue;
        }
      }
      if (finished(job)) {
        ended(cronJob, status, job);
      } else {
        active.add(reference.copy());
      }
    }
    for (Tree job : owned) {
      boolean known =
          status.trees("active").stream()
              .anyMatch(reference -> Meta.uid(job).equals(reference.text("uid")));
      if (!known && !finished(job) && !Meta.terminating(job)) {
        active.add(reference(job));
      }
    }
    if (active.isEmpty()) {
      status.remove("active");
    } else {
      status.put("active", active);
    }
  }

  private void ended(Tree cronJob, Tree status, Tree job) {
    boolean complete = Conditions.status(job, "Complete").equals("True");
    context
        .events()
        .normal(
            cronJob,
            "SawCompletedJob",
            "Saw completed job: "
                + Meta.name(job)
                + ", condition: "
                + (complete ? "Complete" : "Failed"));
    String time = job.text("status", "completionTime");
    String last = status.textOrEmpty("lastSuccessfulTime");
    if (complete && time != null && time.compareTo(last) > 0) {
      status.put("lastSuccessfulTime", time);
    }
  }

  private static boolean finished(Tree job) {
    return Conditions.status(job, "Complete").equals("True")
        || Conditions.status(job, "Failed").equals("True");
  }

  /** Deletes the oldest finished Jobs beyond the history that is kept. */
  private void clear(Tree cronJob, List<Tree> owned) {
    for (boolean complete : new boolean[] {true, false}) {
      String field = complete ? "successfulJobsHistoryLimit" : "failedJobsHistoryLimit";
      if (!cronJob.has("spec", field)) {
        continue;
      }
      List<Tree> old =
          owned.stream()
              .filter(
                  job -> Conditions.status(job, complete ? "Complete" : "Failed").equals("True"))
              .sorted(
                  Comparator.<Tree, String>comparing(job -> job.textOrEmpty("status", "startTime"))
                      .thenComparing(Meta::name))
              .toList();
      long kept = cronJob.number(0, "spec", field);
      for (int i = 0; i < old.size() - kept; i++) {
        delete(cronJob, old.get(i));
      }
    }
  }

  private void delete(Tree cronJob, Tree job) {
    Tree options =
        Tree.of("apiVersion", "v1", "kind", "DeleteOptions", "propagationPolicy", "Background");
    try {
      context.client().delete(Resources.JOBS, Meta.namespace(job), Meta.name(job), options);
      context.events().normal(cronJob, "SuccessfulDelete", "Deleted job " + Meta.name(job));
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        context.events().warning(cronJob, "FailedDelete", "Deleted job: " + refused.getMessage());
        throw refused;
      }
    }
  }

  private @Nullable Duration schedule(Tree cronJob, Tree status) {
    Instant now = context.clock().instant();
    CronSchedule schedule;
    ZoneId zone;
    try {
      schedule = CronSchedule.parse(cronJob.textOrEmpty("spec", "schedule"));
      String named = cronJob.textOrEmpty("spec", "timeZone");
      zone = named.isEmpty() ? ZoneOffset.UTC : ZoneId.of(named);
    } catch (IllegalArgumentException | java.time.DateTimeException unreadable) {
      context
          .events()
          .warning(
              cronJob, "UnparseableSchedule", "unparseable schedule: " + unreadable.getMessage());
      return null;
    }
    Instant due = due(cronJob, status, schedule, zone, now);
    if (due != null) {
      Instant deadline =
          cronJob.has("spec", "startingDeadlineSeconds")
              ? due.plusSeconds(cronJob.number(0, "spec", "startingDeadlineSeconds"))
              : Instant.MAX;
      if (deadline.isBefore(now)) {
        context
            .events()
            .warning(
                cronJob,
                "MissSchedule",
                "Missed scheduled time to start a job: " + Timestamps.seconds(due));
      } else {
        begin(cronJob, status, due);
      }
    }
    Instant next = schedule.next(now, zone);
    return next == null ? null : Duration.between(now, next).plusMillis(100);
  }

  /** The last time that was missed, or null. */
  private @Nullable Instant due(
      Tree cronJob, Tree status, CronSchedule schedule, ZoneId zone, Instant now) {
    Instant last = Timestamps.parse(status.text("lastScheduleTime"));
    Instant made = Timestamps.parse(cronJob.text("metadata", "creationTimestamp"));
    Instant from = last != null ? last : made != null ? made : now;
    if (cronJob.has("spec", "startingDeadlineSeconds")) {
      Instant earliest = now.minusSeconds(cronJob.number(0, "spec", "startingDeadlineSeconds"));
      from = earliest.isAfter(from) ? earliest : from;
    }
    Instant next = schedule.next(from, zone);
    for (int missed = 0; next != null && !next.isAfter(now); missed++) {
      if (missed == MANY_MISSED) {
        context
            .events()
            .warning(
                cronJob,
                "TooManyMissedTimes",
                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or"
                    + " check clock skew");
        break;
      }
      next = schedule.next(next, zone);
    }
    return schedule.last(from, now, zone);
  }

  private void begin(Tree cronJob, Tree status, Instant due) {
    List<Tree> active = status.trees("active");
    String policy = cronJob.textOrEmpty("spec", "concurrencyPolicy");
    if (policy.equals("Forbid") && !active.isEmpty()) {
      context
          .events()
          .normal(
              cronJob,
              "JobAlreadyActive",
              "Not starting job because prior execution is running and concurrency policy is"
                  + " Forbid");
      return;
    }
    if (policy.equals("Replace")) {
      for (Tree reference : active) {
        Tree running =
            context
                .client()
                .find(Resources.JOBS, Meta.namespace(cronJob), reference.textOrEmpty("name"));
        if (running != null) {
          delete(cronJob, running);
        }
      }
      status.remove("active");
    }
    Tree wanted = job(cronJob, due);
    Tree made;
    try {
      made = context.client().create(Resources.JOBS, Meta.namespace(cronJob), wanted);
      context.events().normal(cronJob, "SuccessfulCreate", "Created job " + Meta.name(made));
    } catch (ApiException refused) {
      if (Refusals.namespaceTerminating(refused)) {
        return;
      }
      if (!refused.alreadyExists()) {
        context
            .events()
            .warning(cronJob, "FailedCreate", "Error creating job: " + refused.getMessage());
        throw refused;
      }
      made = context.client().get(Resources.JOBS, Meta.namespace(cronJob), Meta.name(wanted));
    }
    String uid = Meta.uid(made);
    boolean listed =
        status.trees("active").stream().anyMatch(reference -> uid.equals(reference.text("uid")));
    if (!listed && !finished(made)) {
      status.childList("active").add(reference(made));
    }
    status.put("lastScheduleTime", Timestamps.seconds(due));
  }

  private static Tree job(Tree cronJob, Instant due) {
    Tree template = cronJob.treeOrEmpty("spec", "jobTemplate");
    Tree metadata =
        Tree.of(
            "name", Meta.name(cronJob) + "-" + due.getEpochSecond() / 60,
            "namespace", Meta.namespace(cronJob),
            "ownerReferences", TreeList.of(Meta.controllerReference(cronJob)));
    if (template.has("metadata", "labels")) {
      metadata.put("labels", template.treeOrEmpty("metadata", "labels").copy());
    }
    metadata.put("annotations", template.treeOrEmpty("metadata", "annotations").copy());
    String zone = cronJob.textOrEmpty("spec", "timeZone");
    metadata.set(
        due.atZone(zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone))
            .format(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME),
        "annotations",
        SCHEDULED);
    return Tree.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        metadata,
        "spec",
        template.treeOrEmpty("spec").copy());
  }

  private static Tree reference(Tree job) {
    return Tree.of(
        "apiVersion", "batch/v1",
        "kind", "Job",
        "name", Meta.name(job),
        "namespace", Meta.namespace(job),
        "resourceVersion", Meta.resourceVersion(job),
        "uid", Meta.uid(job));
  }
}
