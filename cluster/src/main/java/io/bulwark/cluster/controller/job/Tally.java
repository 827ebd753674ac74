package io.bulwark.cluster.controller.job;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.controller.pod.PodState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a Job's pods have come to. A pod that ended keeps a finalizer until it is counted: its uid
 * first goes into the status, then its finalizer, then its uid becomes a number. So nothing is
 * counted twice or lost, whenever the controller stops.
 *
 * <p>Source: kubernetes pkg/controller/job, trackJobStatusAndRemoveFinalizers.
 */
final class Tally {
  private static final String UNCOUNTED = "uncountedTerminatedPods";

  private final Tree job;
  private final Tree status;
  private final Indexes completed;
  private final Indexes failedIndexes;
  final List<Tree> active = new ArrayList<>();

  /** Ended or unwanted pods whose finalizer goes once the status is written. */
  final List<Tree> release = new ArrayList<>();

  final Map<Long, Long> failuresOfIndex = new HashMap<>();
  final Map<Long, Instant> failedAt = new HashMap<>();
  long terminating;
  long ready;

  /** Failures seen for the first time, by the time of their end. */
  final List<Instant> newFailures = new ArrayList<>();

  @Nullable Instant newestSuccess;
  @Nullable String failJob;

  Tally(Tree job, List<Tree> pods) {
    this.job = job;
    this.status = job.treeOrEmpty("status").copy();
    long bound = job.number(0, "spec", "completions");
    completed = Indexes.parse(status.textOrEmpty("completedIndexes"), bound);
    failedIndexes = Indexes.parse(status.textOrEmpty("failedIndexes"), bound);
    settle(pods);
    for (Tree pod : pods) {
      sort(pod, bound);
    }
    if (perIndex()) {
      failuresOfIndex.forEach(
          (index, failures) -> {
            if (failures > job.number(0, "spec", "backoffLimitPerIndex")
                && !completed.contains(index)) {
              failedIndexes.add(index);
            }
          });
    }
  }

  Tree status() {
    return status;
  }

  boolean perIndex() {
    return job.has("spec", "backoffLimitPerIndex");
  }

  Indexes completed() {
    return completed;
  }

  Indexes failedIndexes() {
    return failedIndexes;
  }

  long succeeded() {
    return JobPods.indexed(job)
        ? completed.size()
        : status.number(0, "succeeded") + status.list(UNCOUNTED, "succeeded").size();
  }

  long failed() {
    return status.number(0, "failed") + status.list(UNCOUNTED, "failed").size();
  }

  /** Whether every pod that ended is a number already. */
  boolean settled() {
    return release.isEmpty()
        && status.list(UNCOUNTED, "succeeded").isEmpty()
        && status.list(UNCOUNTED, "failed").isEmpty();
  }

  /** Uids of pods that are gone, or free, become numbers. */
  private void settle(List<Tree> pods) {
    Set<String> held = new HashSet<>();
    pods.stream().filter(JobPods::tracked).forEach(pod -> held.add(Meta.uid(pod)));
    for (String result : List.of("succeeded", "failed")) {
      TreeList left = new TreeList();
      long counted = 0;
      for (String uid : status.texts(UNCOUNTED, result)) {
        if (held.contains(uid)) {
          left.add(uid);
        } else {
          counted++;
        }
      }
      if (counted > 0) {
        status.put(result, status.number(0, result) + counted);
      }
      status.child(UNCOUNTED).remove(result);
      if (!left.isEmpty()) {
        status.child(UNCOUNTED).put(result, left);
      }
    }
  }

  private void sort(Tree pod, long bound) {
    boolean failed = JobPods.failed(job, pod);
    if (!failed && !PodState.terminal(pod)) {
      if (Meta.terminating(pod)) {
        terminating++;
      } else {
        active.add(pod);
        ready += PodState.ready(pod) ? 1 : 0;
      }
      return;
    }
    if (failed && !PodState.terminal(pod)) {
      terminating++;
    }
    if (failed) {
      failure(pod, bound);
    } else {
      success(pod, bound);
    }
    if (JobPods.tracked(pod)) {
      release.add(pod);
    }
  }

  private void success(Tree pod, long bound) {
    if (!JobPods.tracked(pod)) {
      return;
    }
    boolean fresh;
    if (JobPods.indexed(job)) {
      long index = JobPods.index(pod);
      fresh = index >= 0 && index < bound && !completed.contains(index);
      if (fresh) {
        completed.add(index);
      }
    } else {
      fresh = note(pod, "succeeded");
    }
    Instant ended = JobPods.ended(pod);
    if (fresh && (newestSuccess == null || ended.isAfter(newestSuccess))) {
      newestSuccess = ended;
    }
  }

  private void failure(Tree pod, long bound) {
    FailurePolicy.Verdict verdict =
        PodState.phase(pod).equals("Failed")
            ? FailurePolicy.of(job, pod)
            : new FailurePolicy.Verdict("Count", "");
    if (verdict.action().equals("Ignore")) {
      return;
    }
    if (verdict.action().equals("FailJob") && JobPods.tracked(pod)) {
      failJob = verdict.message();
    }
    long index = JobPods.index(pod);
    if (perIndex() && index >= 0 && index < bound) {
      failuresOfIndex.merge(index, JobPods.failures(pod), Math::max);
      failedAt.merge(index, JobPods.ended(pod), (one, other) -> one.isAfter(other) ? one : other);
      if (verdict.action().equals("FailIndex") && !completed.contains(index)) {
        failedIndexes.add(index);
      }
    }
    if (JobPods.tracked(pod) && note(pod, "failed")) {
      newFailures.add(JobPods.ended(pod));
    }
  }

  private boolean note(Tree pod, String result) {
    TreeList noted = status.childList(UNCOUNTED, result);
    if (noted.contains(Meta.uid(pod))) {
      return false;
    }
    noted.add(Meta.uid(pod));
    return true;
  }
}
