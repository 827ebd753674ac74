package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.schedule.CronSchedule;
import java.time.DateTimeException;
import java.time.ZoneId;

/**
 * CronJobs.
 *
 * <p>Source: kubernetes pkg/apis/batch/validation.
 */
final class CronJobRules implements Rules {
  private static final int LONGEST_NAME = 52;

  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    String schedule = spec.textOrEmpty("schedule");
    if (schedule.isEmpty()) {
      checks.required("spec.schedule", "");
    } else {
      if (schedule.contains("TZ")) {
        checks.invalid(
            "spec.schedule",
            schedule,
            "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
      }
      try {
        CronSchedule.parse(schedule);
      } catch (IllegalArgumentException malformed) {
        checks.invalid("spec.schedule", schedule, String.valueOf(malformed.getMessage()));
      }
    }
    zone(spec, checks);
    checks.notNegative(spec, "startingDeadlineSeconds", "spec");
    checks.notNegative(spec, "successfulJobsHistoryLimit", "spec");
    checks.notNegative(spec, "failedJobsHistoryLimit", "spec");
    Tree template = spec.treeOrEmpty("jobTemplate", "spec");
    JobRules.spec(template, "spec.jobTemplate.spec", checks);
    if (template.flag("manualSelector")) {
      checks.add(
          io.bulwark.api.failure.FieldError.notSupported(
              "spec.jobTemplate.spec.manualSelector", "true", java.util.List.of("nil", "false")));
    }
  }

  private static void zone(Tree spec, Checks checks) {
    if (!spec.has("timeZone")) {
      return;
    }
    String zone = spec.textOrEmpty("timeZone");
    if (zone.isEmpty()) {
      checks.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string");
      return;
    }
    try {
      ZoneId.of(zone);
    } catch (DateTimeException unknown) {
      checks.invalid("spec.timeZone", zone, "unknown time zone " + zone);
    }
  }

  @Override
  public void checkCreate(Tree object, Checks checks) {
    if (Meta.name(object).length() > LONGEST_NAME) {
      checks.invalid(
          "metadata.name",
          Meta.name(object),
          "must be no more than " + LONGEST_NAME + " characters");
    }
  }
}
