package io.bulwark.cluster.controller.replica;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.pod.PodState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a ReplicaSet or ReplicationController says about its pods. */
final class ReplicaStatus {
  private static final String FAILURE = "ReplicaFailure";

  private ReplicaStatus() {}

  /** What went wrong while pods were made or deleted. */
  record Failure(String reason, String message) {}

  /**
   * The status to write; equal to the present one when nothing changed.
   *
   * @param owned all pods that belong to the owner
   */
  static Tree of(
      ReplicaKind kind, Tree owner, List<Tree> owned, @Nullable Failure failure, Instant now) {
    Tree status = owner.treeOrEmpty("status").copy();
    long minReadySeconds = owner.number(0, "spec", "minReadySeconds");
    LabelSelector template =
        LabelSelector.of(
            Tree.of(
                "matchLabels", owner.treeOrEmpty("spec", "template", "metadata", "labels").copy()));
    long replicas = 0;
    long labelled = 0;
    long ready = 0;
    long available = 0;
    long terminating = 0;
    for (Tree pod : owned) {
      if (!PodState.active(pod)) {
        terminating += PodState.terminal(pod) ? 0 : 1;
        continue;
      }
      replicas++;
      labelled += template.matchesObject(pod) ? 1 : 0;
      ready += PodState.ready(pod) ? 1 : 0;
      available += PodState.available(pod, minReadySeconds, now) ? 1 : 0;
    }
    status.put("replicas", replicas);
    count(status, "fullyLabeledReplicas", labelled);
    count(status, "readyReplicas", ready);
    count(status, "availableReplicas", available);
    if (kind == ReplicaKind.REPLICA_SET) {
      status.put("terminatingReplicas", terminating);
    }
    status.put("observedGeneration", Meta.generation(owner));
    fail(status, failure, now);
    return status;
  }

  private static void count(Tree status, String name, long count) {
    if (count == 0) {
      status.remove(name);
    } else {
      status.put(name, count);
    }
  }

  private static void fail(Tree status, @Nullable Failure failure, Instant now) {
    TreeList conditions = status.list("conditions");
    if (failure == null) {
      if (Conditions.remove(conditions, FAILURE) && conditions.isEmpty()) {
        status.remove("conditions");
      }
    } else if (Conditions.in(conditions, FAILURE) == null) {
      status
          .childList("conditions")
          .add(
              Tree.of(
                  "type", FAILURE,
                  "status", "True",
                  "reason", failure.reason(),
                  "message", failure.message(),
                  "lastTransitionTime", Timestamps.seconds(now)));
    }
  }
}
