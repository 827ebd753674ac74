package io.bulwark.cluster.controller.deployment;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.controller.loop.ControllerContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes ReplicaSets for Deployments. */
final class ReplicaSets {
  private static final int HISTORY_LIMIT = 2000;
  private static final Set<String> OWN_ANNOTATIONS =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          RevisionedSet.REVISION,
          RevisionedSet.HISTORY,
          RevisionedSet.DESIRED,
          RevisionedSet.LIMIT,
          "deprecated.deployment.rollback.to");

  private final ControllerContext context;

  ReplicaSets(ControllerContext context) {
    this.context = context;
  }

  /** The ReplicaSet to make for the Deployment's present template. */
  static Tree fresh(Tree deployment, int replicas, long revision) {
    Tree template = deployment.treeOrEmpty("spec", "template").copy();
    Object collisions = deployment.at("status", "collisionCount");
    String hash = PodTemplates.hash(template, collisions instanceof Long count ? count : null);
    template.child("metadata", "labels").put(PodTemplates.HASH_LABEL, hash);
    template.drop("metadata", "creationTimestamp");
    Tree selector = deployment.treeOrEmpty("spec", "selector").copy();
    selector.child("matchLabels").put(PodTemplates.HASH_LABEL, hash);
    Tree set =
        Tree.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "ReplicaSet",
            "metadata",
            Tree.of(
                "name", Meta.name(deployment) + "-" + hash,
                "namespace", Meta.namespace(deployment),
                "labels", template.child("metadata", "labels").copy(),
                "ownerReferences", TreeList.of(Meta.controllerReference(deployment))),
            "spec",
            Tree.of("replicas", replicas, "selector", selector, "template", template));
    long minReadySeconds = deployment.number(0, "spec", "minReadySeconds");
    if (minReadySeconds != 0) {
      set.set(minReadySeconds, "spec", "minReadySeconds");
    }
    annotate(deployment, set, revision, false);
    annotateSize(deployment, set);
    return set;
  }

  /** Brings annotations of a set up to date; says whether that changed them. */
  static boolean annotate(Tree deployment, Tree set, long revision, boolean exists) {
    Tree annotations = set.child("metadata", "annotations");
    Tree before = annotations.copy();
    Map<String, String> own = Meta.annotations(deployment);
    own.forEach(
        (key, value) -> {
          if (!OWN_ANNOTATIONS.contains(key)) {
            annotations.put(key, value);
          }
        });
    String old = annotations.text(RevisionedSet.REVISION);
    long oldRevision = new RevisionedSet(set).revision();
    if (oldRevision < revision) {
      annotations.put(RevisionedSet.REVISION, Long.toString(revision));
      if (exists && old != null && !old.isEmpty()) {
        remember(annotations, old);
      }
    }
    return !annotations.equals(before);
  }

  private static void remember(Tree annotations, String revision) {
    List<String> history =
        new ArrayList<>(Arrays.asList(annotations.textOrEmpty(RevisionedSet.HISTORY).split(",")));
    history.removeIf(String::isEmpty);
    history.add(revision);
    String joined = String.join(",", history);
    while (joined.length() > HISTORY_LIMIT) {
      history.removeFirst();
      joined = String.join(",", history);
    }
    annotations.put(RevisionedSet.HISTORY, joined);
  }

  /** Notes the Deployment's size; says whether that changed the set. */
  static boolean annotateSize(Tree deployment, Tree set) {
    Rollout rollout = Rollout.of(deployment);
    Tree annotations = set.child("metadata", "annotations");
    String desired = Integer.toString(rollout.replicas());
    String limit = Integer.toString(rollout.limit());
    return !desired.equals(annotations.put(RevisionedSet.DESIRED, desired))
        | !limit.equals(annotations.put(RevisionedSet.LIMIT, limit));
  }

  /** Scales a set and tells of it; returns the set as it then is. */
  RevisionedSet scale(Tree deployment, RevisionedSet set, int replicas) {
    int before = set.replicas();
    Tree changed = set.object().copy();
    changed.set(replicas, "spec", "replicas");
    if (!annotateSize(deployment, changed) && before == replicas) {
      return set;
    }
    Tree written = context.client().update(Resources.REPLICA_SETS, changed);
    if (before != replicas) {
      String direction = before < replicas ? "up" : "down";
      context
          .events()
          .normal(
              deployment,
              "ScalingReplicaSet",
              "Scaled %s replica set %s from %d to %d"
                  .formatted(direction, set.name(), before, replicas));
    }
    return new RevisionedSet(written);
  }

  /** Deletes all empty, settled old sets beyond the history limit, oldest revision first. */
  void clean(Tree deployment, List<RevisionedSet> old) {
    long limit = deployment.number(Integer.MAX_VALUE, "spec", "revisionHistoryLimit");
    List<RevisionedSet> alive =
        old.stream()
            .filter(set -> !Meta.terminating(set.object()))
            .sorted(
                Comparator.comparingLong(RevisionedSet::revision)
                    .thenComparing(RevisionedSet.BY_AGE))
            .toList();
    for (int i = 0; i < alive.size() - limit; i++) {
      RevisionedSet set = alive.get(i);
      boolean settled =
          set.status("replicas") == 0
              && set.replicas() == 0
              && Meta.generation(set.object())
                  <= set.object().number(0, "status", "observedGeneration");
      if (!settled) {
        continue;
      }
      try {
        context
            .client()
            .delete(Resources.REPLICA_SETS, Meta.namespace(set.object()), set.name(), null);
      } catch (ApiException refused) {
        if (!refused.notFound()) {
          throw refused;
        }
      }
    }
  }
}
