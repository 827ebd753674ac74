package io.bulwark.cluster.controller.deployment;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a Deployment: its counts, and whether it gets on. */
final class DeploymentStatus {
  static final String AVAILABLE = "Available";
  static final String PROGRESSING = "Progressing";
  static final String FAILURE = "ReplicaFailure";
  static final String TIMED_OUT = "ProgressDeadlineExceeded";
  static final String NEW_SET_AVAILABLE = "NewReplicaSetAvailable";

  private static final long NO_DEADLINE = Integer.MAX_VALUE;

  private DeploymentStatus() {}

  /** Counts and the Available condition. */
  static Tree count(
      Tree deployment, List<RevisionedSet> all, @Nullable RevisionedSet current, Instant now) {
    Rollout rollout = Rollout.of(deployment);
    int available = RevisionedSet.status(all, "availableReplicas");
    Tree status = deployment.treeOrEmpty("status").copy();
    status.put("observedGeneration", Meta.generation(deployment));
    put(status, "replicas", RevisionedSet.status(all, "replicas"));
    put(status, "updatedReplicas", current == null ? 0 : current.status("replicas"));
    put(status, "readyReplicas", RevisionedSet.status(all, "readyReplicas"));
    put(status, "availableReplicas", available);
    put(status, "unavailableReplicas", Math.max(0, RevisionedSet.replicas(all) - available));
    status.put("terminatingReplicas", RevisionedSet.status(all, "terminatingReplicas"));
    Tree condition =
        available >= rollout.floor()
            ? condition(
                AVAILABLE,
                "True",
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.",
                now)
            : condition(
                AVAILABLE,
                "False",
                "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.",
                now);
    set(status, condition);
    return status;
  }

  private static void put(Tree status, String name, int count) {
    if (count == 0) {
      status.remove(name);
    } else {
      status.put(name, count);
    }
  }

  static Tree condition(String type, String status, String reason, String message, Instant now) {
    return Tree.of(
        "type", type,
        "status", status,
        "reason", reason,
        "message", message,
        "lastUpdateTime", Timestamps.seconds(now),
        "lastTransitionTime", Timestamps.seconds(now));
  }

  /**
   * Sets a condition unless it stands there with the same status and reason; what changes is last.
   */
  static void set(Tree status, Tree condition) {
    TreeList conditions = status.childList("conditions");
    Tree old = Conditions.in(conditions, condition.textOrEmpty("type"));
    if (old != null && old.textOrEmpty("status").equals(condition.text("status"))) {
      if (old.textOrEmpty("reason").equals(condition.text("reason"))) {
        return;
      }
      condition.put("lastTransitionTime", old.get("lastTransitionTime"));
    }
    Conditions.last(conditions, condition);
  }

  /** The progress deadline, or null where there is none. */
  static @Nullable Duration deadline(Tree deployment) {
    long seconds = deployment.number(NO_DEADLINE, "spec", "progressDeadlineSeconds");
    return seconds == NO_DEADLINE ? null : Duration.ofSeconds(seconds);
  }

  static boolean complete(Tree deployment, Tree status) {
    long wanted = deployment.number(1, "spec", "replicas");
    return status.number(0, "updatedReplicas") == wanted
        && status.number(0, "replicas") == wanted
        && status.number(0, "availableReplicas") == wanted
        && status.number(0, "observedGeneration") >= Meta.generation(deployment);
  }

  static boolean progressing(Tree deployment, Tree status) {
    Tree old = deployment.treeOrEmpty("status");
    return status.number(0, "updatedReplicas") > old.number(0, "updatedReplicas")
        || outdated(status) < outdated(old)
        || status.number(0, "readyReplicas") > old.number(0, "readyReplicas")
        || status.number(0, "availableReplicas") > old.number(0, "availableReplicas");
  }

  private static long outdated(Tree status) {
    return status.number(0, "replicas") - status.number(0, "updatedReplicas");
  }

  static boolean timedOut(Tree deployment, Tree status, Instant now) {
    Duration deadline = deadline(deployment);
    Tree condition = Conditions.in(status.list("conditions"), PROGRESSING);
    if (deadline == null || condition == null) {
      return false;
    }
    String reason = condition.textOrEmpty("reason");
    if (reason.equals(NEW_SET_AVAILABLE)) {
      return false;
    }
    if (reason.equals(TIMED_OUT)) {
      return true;
    }
    Instant from = Timestamps.parse(condition.text("lastUpdateTime"));
    return from != null && from.plus(deadline).isBefore(now);
  }

  /** Counts, Available, Progressing and ReplicaFailure. */
  static Tree full(
      Tree deployment, List<RevisionedSet> all, @Nullable RevisionedSet current, Instant now) {
    Tree status = count(deployment, all, current, now);
    TreeList conditions = status.childList("conditions");
    Tree progress = Conditions.in(conditions, PROGRESSING);
    boolean wasComplete =
        progress != null
            && NEW_SET_AVAILABLE.equals(progress.text("reason"))
            && status.number(0, "replicas") == status.number(0, "updatedReplicas");
    if (deadline(deployment) == null) {
      Conditions.remove(conditions, PROGRESSING);
    } else if (!wasComplete) {
      progress(deployment, status, current, now);
    }
    fail(status, all, current);
    return status;
  }

  private static void progress(
      Tree deployment, Tree status, @Nullable RevisionedSet current, Instant now) {
    String who =
        current == null
            ? "Deployment \"" + Meta.name(deployment) + "\""
            : "ReplicaSet \"" + current.name() + "\"";
    Tree old = Conditions.in(status.list("conditions"), PROGRESSING);
    if (complete(deployment, status)) {
      set(
          status,
          condition(
              PROGRESSING, "True", NEW_SET_AVAILABLE, who + " has successfully progressed.", now));
    } else if (progressing(deployment, status)) {
      Tree moving =
          condition(PROGRESSING, "True", "ReplicaSetUpdated", who + " is progressing.", now);
      if (old != null && "True".equals(old.text("status"))) {
        moving.put("lastTransitionTime", old.get("lastTransitionTime"));
      }
      Conditions.last(status.childList("conditions"), moving);
    } else if (timedOut(deployment, status, now)) {
      set(
          status,
          condition(PROGRESSING, "False", TIMED_OUT, who + " has timed out progressing.", now));
    }
  }

  private static void fail(Tree status, List<RevisionedSet> all, @Nullable RevisionedSet current) {
    Tree failure = current == null ? null : Conditions.find(current.object(), FAILURE);
    for (RevisionedSet set : all) {
      if (failure == null) {
        failure = Conditions.find(set.object(), FAILURE);
      }
    }
    if (failure == null) {
      Conditions.remove(status.childList("conditions"), FAILURE);
      return;
    }
    Tree shown = failure.copy();
    shown.put("lastUpdateTime", failure.get("lastTransitionTime"));
    set(status, shown);
  }

  /** When to look whether the deadline has passed, or null. */
  static @Nullable Duration nextCheck(Tree deployment, Tree status, Instant now) {
    Duration deadline = deadline(deployment);
    Tree condition = Conditions.in(status.list("conditions"), PROGRESSING);
    if (deadline == null
        || condition == null
        || complete(deployment, status)
        || TIMED_OUT.equals(condition.text("reason"))) {
      return null;
    }
    Instant from = Timestamps.parse(condition.text("lastUpdateTime"));
    if (from == null) {
      return null;
    }
    Duration left = Duration.between(now, from.plus(deadline)).plusSeconds(1);
    return left.isPositive() ? left : Duration.ofSeconds(1);
  }
}
