package io.bulwark.cluster.controller.job;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.pod.PodMaker;
import io.bulwark.cluster.controller.pod.PodState;
import java.time.Instant;
import java.util.List;

/** The pods of one Job: how they are made, and what is read from them. */
final class JobPods {
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";
  static final String INDEX = "batch.kubernetes.io/job-completion-index";
  static final String INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
  private static final String ENVIRONMENT = "JOB_COMPLETION_INDEX";
  private static final int LONGEST_HOST = 63;

  private JobPods() {}

  static boolean indexed(Tree job) {
    return job.textOrEmpty("spec", "completionMode").equals("Indexed");
  }

  /** The index of a pod, or -1. */
  static long index(Tree pod) {
    String index = Meta.annotation(pod, INDEX);
    try {
      return index == null ? -1 : Integer.parseInt(index);
    } catch (NumberFormatException malformed) {
      return -1;
    }
  }

  static boolean tracked(Tree pod) {
    return Meta.finalizers(pod).contains(FINALIZER);
  }

  static boolean succeeded(Tree pod) {
    return PodState.phase(pod).equals("Succeeded");
  }

  /** Whether a pod counts as failed, and so may be replaced. */
  static boolean failed(Tree job, Tree pod) {
    if (PodState.phase(pod).equals("Failed")) {
      return true;
    }
    boolean waits = job.textOrEmpty("spec", "podReplacementPolicy").equals("Failed");
    return !waits && Meta.terminating(pod) && !succeeded(pod);
  }

  /** When the last container of a pod ended; else when the pod was deleted or made. */
  static Instant ended(Tree pod) {
    Instant latest = null;
    for (Tree status : pod.trees("status", "containerStatuses")) {
      Instant finished = Timestamps.parse(status.text("state", "terminated", "finishedAt"));
      if (finished != null && (latest == null || finished.isAfter(latest))) {
        latest = finished;
      }
    }
    for (String field : List.of("deletionTimestamp", "creationTimestamp")) {
      if (latest == null) {
        latest = Timestamps.parse(pod.text("metadata", field));
      }
    }
    return latest == null ? Instant.EPOCH : latest;
  }

  /** How often an index has failed by the time that this pod of it had. */
  static long failures(Tree pod) {
    String before = Meta.annotation(pod, INDEX_FAILURES);
    try {
      return before == null ? 1 : 1 + Long.parseLong(before);
    } catch (NumberFormatException malformed) {
      return 1;
    }
  }

  /**
   * @param index -1 for a Job without indexes
   * @param failures of the index so far
   */
  static Tree make(Tree job, long index, long failures) {
    Tree pod = PodMaker.fromTemplate(job, job.treeOrEmpty("spec", "template"));
    TreeList finalizers = pod.childList("metadata", "finalizers");
    if (!finalizers.contains(FINALIZER)) {
      finalizers.add(FINALIZER);
    }
    if (index < 0) {
      return pod;
    }
    String number = Long.toString(index);
    String name = Meta.name(job) + "-" + number;
    pod.set(name + "-", "metadata", "generateName");
    pod.set(number, "metadata", "annotations", INDEX);
    pod.set(number, "metadata", "labels", INDEX);
    if (job.has("spec", "backoffLimitPerIndex")) {
      pod.set(Long.toString(failures), "metadata", "annotations", INDEX_FAILURES);
    }
    if (!pod.has("spec", "hostname")) {
      pod.set(name.substring(0, Math.min(name.length(), LONGEST_HOST)), "spec", "hostname");
    }
    for (String list : List.of("initContainers", "containers")) {
      pod.trees("spec", list).forEach(JobPods::tellIndex);
    }
    return pod;
  }

  private static void tellIndex(Tree container) {
    if (container.trees("env").stream()
        .anyMatch(variable -> variable.textOrEmpty("name").equals(ENVIRONMENT))) {
      return;
    }
    Tree field = Tree.of("apiVersion", "v1", "fieldPath", "metadata.labels['" + INDEX + "']");
    container
        .childList("env")
        .add(Tree.of("name", ENVIRONMENT, "valueFrom", Tree.of("fieldRef", field)));
  }
}
