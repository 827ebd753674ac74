package io.bulwark.cluster.controller.deployment;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Timestamps;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ReplicaSet as its Deployment sees it; sees changes made to the tree. */
record RevisionedSet(Tree object) {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String LIMIT = "deployment.kubernetes.io/max-replicas";

  static final Comparator<RevisionedSet> BY_AGE =
      Comparator.comparing(RevisionedSet::created).thenComparing(RevisionedSet::name);

  String name() {
    return Meta.name(object);
  }

  Instant created() {
    Instant time = Timestamps.parse(object.text("metadata", "creationTimestamp"));
    return time == null ? Instant.EPOCH : time;
  }

  Tree template() {
    return object.treeOrEmpty("spec", "template");
  }

  int replicas() {
    return (int) object.number(1, "spec", "replicas");
  }

  int status(String count) {
    return (int) object.number(0, "status", count);
  }

  int available() {
    return status("availableReplicas");
  }

  long revision() {
    return number(Meta.annotation(object, REVISION), 0);
  }

  /** What the Deployment wanted when it last scaled this set, or -1. */
  int desired() {
    return (int) number(Meta.annotation(object, DESIRED), -1);
  }

  /** The Deployment's limit when it last scaled this set, or -1. */
  int limit() {
    return (int) number(Meta.annotation(object, LIMIT), -1);
  }

  private static long number(@Nullable String text, long fallback) {
    if (text == null) {
      return fallback;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException malformed) {
      return fallback;
    }
  }

  static int replicas(List<RevisionedSet> sets) {
    return sets.stream().mapToInt(RevisionedSet::replicas).sum();
  }

  static int status(List<RevisionedSet> sets, String count) {
    return sets.stream().mapToInt(set -> set.status(count)).sum();
  }

  static List<RevisionedSet> active(List<RevisionedSet> sets) {
    return sets.stream().filter(set -> set.replicas() > 0).toList();
  }
}
