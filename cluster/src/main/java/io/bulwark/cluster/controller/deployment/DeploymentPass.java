package io.bulwark.cluster.controller.deployment;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.controller.pod.Ownership;
import io.bulwark.cluster.controller.pod.PodState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One look at one Deployment and its ReplicaSets; used once. */
final class DeploymentPass {
  private final ControllerContext context;
  private final ReplicaSets writer;
  private final Ownership podOwnership;
  private final Rollout rollout;
  private final Instant now;
  private final List<RevisionedSet> owned;
  private Tree deployment;
  private List<RevisionedSet> old;
  private @Nullable RevisionedSet current;

  /**
   * @param deployment a copy that may be changed
   */
  DeploymentPass(
      ControllerContext context,
      Tree deployment,
      List<RevisionedSet> owned,
      Ownership podOwnership) {
    this.context = context;
    this.writer = new ReplicaSets(context);
    this.podOwnership = podOwnership;
    this.deployment = deployment;
    this.rollout = Rollout.of(deployment);
    this.now = context.clock().instant();
    this.owned = owned.stream().sorted(RevisionedSet.BY_AGE).toList();
    Tree template = deployment.treeOrEmpty("spec", "template");
    this.current =
        this.owned.stream()
            .filter(set -> PodTemplates.same(set.template(), template))
            .findFirst()
            .orElse(null);
    this.old = without(current);
  }

  private List<RevisionedSet> without(@Nullable RevisionedSet newest) {
    return owned.stream()
        .filter(set -> newest == null || !Meta.uid(set.object()).equals(Meta.uid(newest.object())))
        .toList();
  }

  @Nullable Duration run() {
    if (Meta.terminating(deployment)) {
      useCurrent(false);
      return report();
    }
    notePause();
    if (deployment.flag("spec", "paused") || rescaled()) {
      useCurrent(false);
      scale();
      if (deployment.flag("spec", "paused")) {
        writer.clean(deployment, old);
      }
      writeStatus(DeploymentStatus.count(deployment, all(), current, now));
      return null;
    }
    return rollout.rolling() ? roll() : recreate();
  }

  private List<RevisionedSet> all() {
    List<RevisionedSet> all = new ArrayList<>(old);
    if (current != null) {
      all.add(current);
    }
    return all;
  }

  private void notePause() {
    if (DeploymentStatus.deadline(deployment) == null) {
      return;
    }
    Tree progress = Conditions.find(deployment, DeploymentStatus.PROGRESSING);
    String reason = progress == null ? "" : progress.textOrEmpty("reason");
    boolean paused = deployment.flag("spec", "paused");
    boolean noted = reason.equals("DeploymentPaused");
    if (reason.equals(DeploymentStatus.TIMED_OUT) || paused == noted) {
      return;
    }
    Tree status = deployment.treeOrEmpty("status").copy();
    DeploymentStatus.set(
        status,
        DeploymentStatus.condition(
            DeploymentStatus.PROGRESSING,
            "Unknown",
            paused ? "DeploymentPaused" : "DeploymentResumed",
            paused ? "Deployment is paused" : "Deployment is resumed",
            now));
    writeStatus(status);
  }

  private boolean rescaled() {
    return RevisionedSet.active(owned).stream()
        .anyMatch(set -> set.desired() >= 0 && set.desired() != rollout.replicas());
  }

  /** Brings the current set's annotations and the revision up to date, making it where allowed. */
  private void useCurrent(boolean make) {
    long revision = old.stream().mapToLong(RevisionedSet::revision).max().orElse(0) + 1;
    RevisionedSet found = current;
    if (found == null) {
      if (make) {
        create(revision);
      }
      return;
    }
    Tree set = found.object().copy();
    boolean changed = ReplicaSets.annotate(deployment, set, revision, true);
    long minReadySeconds = deployment.number(0, "spec", "minReadySeconds");
    if (set.number(0, "spec", "minReadySeconds") != minReadySeconds) {
      set.set(minReadySeconds, "spec", "minReadySeconds");
      changed = true;
    }
    if (changed) {
      current = new RevisionedSet(context.client().update(Resources.REPLICA_SETS, set));
    }
    note(
        new RevisionedSet(set).revision(),
        Conditions.find(deployment, DeploymentStatus.PROGRESSING) == null
            ? DeploymentStatus.condition(
                DeploymentStatus.PROGRESSING,
                "True",
                "FoundNewReplicaSet",
                "Found new replica set \"" + found.name() + "\"",
                now)
            : null);
  }

  private void create(long revision) {
    Tree fresh = ReplicaSets.fresh(deployment, firstSize(), revision);
    String name = Meta.name(fresh);
    Tree made;
    boolean existed = false;
    try {
      made = context.client().create(Resources.REPLICA_SETS, Meta.namespace(fresh), fresh);
    } catch (ApiException refused) {
      if (refused.alreadyExists()) {
        made = resolveCollision(name, refused);
        existed = true;
      } else {
        failed(name, refused);
        throw refused;
      }
    }
    current = new RevisionedSet(made);
    old = without(current);
    if (!existed && current.replicas() > 0) {
      context
          .events()
          .normal(
              deployment,
              "ScalingReplicaSet",
              "Scaled up replica set " + name + " from 0 to " + current.replicas());
    }
    note(
        current.revision(),
        existed
            ? null
            : DeploymentStatus.condition(
                DeploymentStatus.PROGRESSING,
                "True",
                "NewReplicaSetCreated",
                "Created new replica set \"" + name + "\"",
                now));
  }

  private int firstSize() {
    return rollout.rolling()
        ? Math.clamp(rollout.limit() - RevisionedSet.replicas(owned), 0, rollout.replicas())
        : rollout.replicas();
  }

  private Tree resolveCollision(String name, ApiException refused) {
    Tree taken = context.client().get(Resources.REPLICA_SETS, Meta.namespace(deployment), name);
    Tree controller = Meta.controllerOf(taken);
    if (controller != null
        && Meta.uid(deployment).equals(controller.text("uid"))
        && PodTemplates.same(
            taken.treeOrEmpty("spec", "template"), deployment.treeOrEmpty("spec", "template"))) {
      return taken;
    }
    long collisions = deployment.number(0, "status", "collisionCount");
    deployment.set(collisions + 1, "status", "collisionCount");
    context.client().updateStatus(Resources.DEPLOYMENTS, deployment);
    throw refused;
  }

  private void failed(String name, ApiException refused) {
    if (Refusals.namespaceTerminating(refused)) {
      return;
    }
    String message = "Failed to create new replica set \"" + name + "\": " + refused.getMessage();
    if (DeploymentStatus.deadline(deployment) != null) {
      Tree status = deployment.treeOrEmpty("status").copy();
      DeploymentStatus.set(
          status,
          DeploymentStatus.condition(
              DeploymentStatus.PROGRESSING, "False", "ReplicaSetCreateError", message, now));
      writeStatus(status);
    }
    context.events().warning(deployment, "ReplicaSetCreateError", message);
  }

  private void note(long revision, @Nullable Tree progress) {
    String text = Long.toString(revision);
    boolean changed = false;
    if (!text.equals(Meta.annotation(deployment, RevisionedSet.REVISION))) {
      deployment.set(text, "metadata", "annotations", RevisionedSet.REVISION);
      changed = true;
    }
    if (progress != null && DeploymentStatus.deadline(deployment) != null) {
      DeploymentStatus.set(deployment.child("status"), progress);
      changed = true;
    }
    if (changed) {
      deployment = context.client().updateStatus(Resources.DEPLOYMENTS, deployment);
    }
  }

  private RevisionedSet scaled(RevisionedSet set, int replicas) {
    RevisionedSet written = writer.scale(deployment, set, replicas);
    if (current != null && current.name().equals(set.name())) {
      current = written;
    } else {
      List<RevisionedSet> changed = new ArrayList<>(old);
      changed.replaceAll(other -> other.name().equals(set.name()) ? written : other);
      old = changed;
    }
    return written;
  }

  private void scale() {
    RevisionedSet only = activeOrLatest();
    if (only != null) {
      if (only.replicas() != rollout.replicas()) {
        scaled(only, rollout.replicas());
      } else if (ReplicaSets.annotateSize(deployment, only.object().copy())) {
        scaled(only, rollout.replicas());
      }
      return;
    }
    if (saturated()) {
      for (RevisionedSet set : RevisionedSet.active(old)) {
        scaled(set, 0);
      }
      return;
    }
    if (rollout.rolling()) {
      List<RevisionedSet> active = RevisionedSet.active(all());
      int last = (int) deployment.number(0, "status", "replicas");
      Map<String, Integer> sizes = Proportions.of(rollout, active, last);
      for (RevisionedSet set : active) {
        scaled(set, sizes.getOrDefault(set.name(), set.replicas()));
      }
    }
  }

  private @Nullable RevisionedSet activeOrLatest() {
    List<RevisionedSet> active = RevisionedSet.active(all());
    if (active.isEmpty()) {
      return current != null ? current : old.isEmpty() ? null : old.getLast();
    }
    return active.size() == 1 ? active.getFirst() : null;
  }

  private boolean saturated() {
    RevisionedSet set = current;
    return set != null
        && set.replicas() == rollout.replicas()
        && set.desired() == rollout.replicas()
        && set.available() == rollout.replicas();
  }

  private @Nullable Duration roll() {
    useCurrent(true);
    if (scaleCurrent() || scaleOld()) {
      return report();
    }
    cleanWhenComplete();
    return report();
  }

  private boolean scaleCurrent() {
    RevisionedSet set = current;
    if (set == null || set.replicas() == rollout.replicas()) {
      return false;
    }
    int wanted = rollout.replicas();
    if (set.replicas() < wanted && rollout.rolling()) {
      int room = rollout.limit() - RevisionedSet.replicas(all());
      wanted = Math.min(wanted, set.replicas() + Math.max(0, room));
    }
    if (wanted == set.replicas()) {
      return false;
    }
    scaled(set, wanted);
    return true;
  }

  private boolean scaleOld() {
    RevisionedSet set = current;
    if (set == null || RevisionedSet.replicas(old) == 0) {
      return false;
    }
    int unavailable = set.replicas() - set.available();
    int spare = RevisionedSet.replicas(all()) - rollout.floor() - unavailable;
    if (spare <= 0) {
      return false;
    }
    int cleaned = dropUnhealthy(spare);
    return dropHealthy() + cleaned > 0;
  }

  private int dropUnhealthy(int limit) {
    int dropped = 0;
    for (RevisionedSet set : sorted(old)) {
      int broken = Math.min(limit - dropped, set.replicas() - set.available());
      if (broken > 0) {
        scaled(set, set.replicas() - broken);
        dropped += broken;
      }
    }
    return dropped;
  }

  private int dropHealthy() {
    int spare = RevisionedSet.status(all(), "availableReplicas") - rollout.floor();
    int dropped = 0;
    for (RevisionedSet set : sorted(old)) {
      int fewer = Math.min(spare - dropped, set.replicas());
      if (fewer > 0) {
        scaled(set, set.replicas() - fewer);
        dropped += fewer;
      }
    }
    return dropped;
  }

  private static List<RevisionedSet> sorted(List<RevisionedSet> sets) {
    return sets.stream().sorted(RevisionedSet.BY_AGE).toList();
  }

  private @Nullable Duration recreate() {
    useCurrent(false);
    boolean any = false;
    for (RevisionedSet set : RevisionedSet.active(old)) {
      scaled(set, 0);
      any = true;
    }
    if (any || oldPodsRun()) {
      return report();
    }
    useCurrent(true);
    scaleCurrent();
    cleanWhenComplete();
    return report();
  }

  private boolean oldPodsRun() {
    for (RevisionedSet set : old) {
      for (Tree pod : podOwnership.ownedBy(Meta.uid(set.object()))) {
        if (!PodState.terminal(pod)) {
          return true;
        }
      }
    }
    return false;
  }

  private void cleanWhenComplete() {
    if (DeploymentStatus.complete(deployment, deployment.treeOrEmpty("status"))) {
      writer.clean(deployment, old);
    }
  }

  private @Nullable Duration report() {
    Tree status = DeploymentStatus.full(deployment, all(), current, now);
    if (writeStatus(status)) {
      return null;
    }
    return DeploymentStatus.nextCheck(deployment, status, now);
  }

  private boolean writeStatus(Tree status) {
    if (status.equals(deployment.treeOrEmpty("status"))) {
      return false;
    }
    Tree changed = deployment.copy();
    changed.put("status", status);
    deployment = context.client().updateStatus(Resources.DEPLOYMENTS, changed);
    return true;
  }
}
