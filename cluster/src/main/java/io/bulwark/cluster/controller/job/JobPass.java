package io.bulwark.cluster.controller.job;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One look at a Job: what its status shall be, and which pods shall come and go. */
final class JobPass {
  private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

  private final Tree job;
  private final Tree spec;
  private final Tally tally;
  private final Instant now;
  final List<Tree> doomed = new ArrayList<>();
  final List<Tree> wanted = new ArrayList<>();
  @Nullable Duration again;

  JobPass(Tree job, List<Tree> pods, Backoff backoff, Instant now) {
    this.job = job;
    this.spec = job.treeOrEmpty("spec");
    this.now = now;
    this.tally = new Tally(job, pods);
    backoff.note(tally);
    start();
    Outcome outcome = Outcome.of(asItStands(), tally, now);
    if (outcome != null) {
      end(outcome);
    } else if (suspended()) {
      doomed.addAll(tally.active);
    } else if (!Meta.terminating(job)) {
      adjust(backoff);
    }
    write();
  }

  Tree status() {
    return tally.status();
  }

  List<Tree> released() {
    return tally.release;
  }

  private Tree asItStands() {
    Tree view = new Tree();
    view.put("spec", spec);
    view.put("status", tally.status());
    return view;
  }

  private boolean suspended() {
    return spec.flag("suspend");
  }

  private void start() {
    Tree status = tally.status();
    boolean was = Conditions.status(job, "Suspended").equals("True");
    if (suspended()) {
      if (!was) {
        condition("Suspended", "True", "JobSuspended", "Job suspended");
        status.remove("startTime");
      }
      return;
    }
    if (was) {
      condition("Suspended", "False", "JobResumed", "Job resumed");
    }
    if (was || !status.has("startTime")) {
      status.put("startTime", Timestamps.seconds(now));
    }
    if (spec.has("activeDeadlineSeconds")) {
      Instant started = Timestamps.parse(status.text("startTime"));
      Instant due =
          (started == null ? now : started).plusSeconds(spec.number(0, "activeDeadlineSeconds"));
      if (now.isBefore(due)) {
        soon(Duration.between(now, due));
      }
    }
  }

  private void soon(Duration delay) {
    again = again == null || delay.compareTo(again) < 0 ? delay : again;
  }

  private void end(Outcome outcome) {
    doomed.addAll(tally.active);
    condition(outcome.target(), "True", outcome.reason(), outcome.message());
    boolean over = tally.active.isEmpty() && tally.terminating == 0 && tally.settled();
    if (over) {
      condition(outcome.end(), "True", outcome.reason(), outcome.message());
      if (outcome.complete()) {
        tally.status().put("completionTime", Timestamps.seconds(now));
      }
    }
  }

  private void condition(String type, String value, String reason, String message) {
    Conditions.set(tally.status().childList("conditions"), type, value, reason, message, now);
    Tree condition = Conditions.in(tally.status().list("conditions"), type);
    if (condition != null && !condition.has("lastProbeTime")) {
      condition.put("lastProbeTime", condition.textOrEmpty("lastTransitionTime"));
    }
  }

  private void adjust(Backoff backoff) {
    long parallelism = spec.number(1, "parallelism");
    boolean counted = spec.has("completions");
    long rest = spec.number(0, "completions") - tally.succeeded() - tally.failedIndexes().size();
    long target =
        counted
            ? Math.min(Math.max(rest, 0), parallelism)
            : tally.succeeded() > 0 ? Math.min(tally.active.size(), parallelism) : parallelism;
    List<Tree> kept = new ArrayList<>(tally.active);
    if (JobPods.indexed(job)) {
      doomed.addAll(duplicates(kept));
    }
    if (kept.size() > target) {
      kept.sort(
          Comparator.comparing(io.bulwark.cluster.controller.pod.PodState::ready)
              .thenComparing(pod -> Meta.uid(pod)));
      doomed.addAll(kept.subList(0, (int) (kept.size() - target)));
      return;
    }
    boolean waits = spec.textOrEmpty("podReplacementPolicy").equals("Failed");
    long missing = target - kept.size() - (waits ? tally.terminating : 0);
    if (missing > 0) {
      make((int) Math.min(missing, 500), kept, backoff);
    }
  }

  /** Pods of an index that another has already, or that has succeeded or failed; taken out. */
  private List<Tree> duplicates(List<Tree> kept) {
    Set<Long> seen = new HashSet<>();
    List<Tree> surplus = new ArrayList<>();
    for (Tree pod : kept) {
      long index = JobPods.index(pod);
      if (index < 0
          || index >= spec.number(0, "completions")
          || tally.completed().contains(index)
          || tally.failedIndexes().contains(index)
          || !seen.add(index)) {
        surplus.add(pod);
      }
    }
    kept.removeAll(surplus);
    return surplus;
  }

  private void make(int count, List<Tree> kept, Backoff backoff) {
    if (!tally.perIndex()) {
      Duration left = backoff.left(now);
      if (!left.isZero()) {
        soon(left);
        return;
      }
    }
    if (!JobPods.indexed(job)) {
      for (int i = 0; i < count; i++) {
        wanted.add(JobPods.make(job, -1, 0));
      }
      return;
    }
    Set<Long> taken = new HashSet<>();
    kept.forEach(pod -> taken.add(JobPods.index(pod)));
    for (long index = 0; index < spec.number(0, "completions") && wanted.size() < count; index++) {
      if (taken.contains(index)
          || tally.completed().contains(index)
          || tally.failedIndexes().contains(index)) {
        continue;
      }
      long failures = tally.failuresOfIndex.getOrDefault(index, 0L);
      Duration left = failures == 0 ? Duration.ZERO : delay(failures, index);
      if (left.isZero()) {
        wanted.add(JobPods.make(job, index, failures));
      } else {
        soon(left);
      }
    }
  }

  private Duration delay(long failures, long index) {
    return left(failures, tally.failedAt.getOrDefault(index, now), now);
  }

  /** How long after so many failures in a row nothing new is tried; zero when that is over. */
  static Duration left(long failures, Instant last, Instant now) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, 10));
    delay = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
    Duration left = Duration.between(now, last.plus(delay));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void write() {
    Tree status = tally.status();
    count("active", tally.active.size() - doomed.size() + wanted.size());
    status.put("ready", tally.ready);
    status.put("terminating", tally.terminating + doomed.size());
    if (JobPods.indexed(job)) {
      status.put("succeeded", (long) tally.completed().size());
      put("completedIndexes", tally.completed().toString());
      if (tally.perIndex()) {
        status.put("failedIndexes", tally.failedIndexes().toString());
      }
    }
    if (!doomed.isEmpty()) {
      status.put("ready", 0L);
    }
    if (status.number(0, "succeeded") == 0) {
      status.remove("succeeded");
    }
    if (status.number(0, "failed") == 0) {
      status.remove("failed");
    }
  }

  private void count(String field, long count) {
    if (count == 0) {
      tally.status().remove(field);
    } else {
      tally.status().put(field, count);
    }
  }

  private void put(String field, String text) {
    if (text.isEmpty()) {
      tally.status().remove(field);
    } else {
      tally.status().put(field, text);
    }
  }
}
