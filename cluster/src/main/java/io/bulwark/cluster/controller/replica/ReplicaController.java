package io.bulwark.cluster.controller.replica;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.Concurrently;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.controller.pod.Expectations;
import io.bulwark.cluster.controller.pod.Ownership;
import io.bulwark.cluster.controller.pod.PodMaker;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many pods of one template as a ReplicaSet or ReplicationController asks for.
 *
 * <p>Source: kubernetes pkg/controller/replicaset.
 */
public final class ReplicaController implements Component {
  /** The most pods that one pass makes or deletes. */
  static final int BURST = 500;

  private final ReplicaKind kind;
  private final ControllerContext context;
  private final Informer owners;
  private final Informer pods;
  private final Ownership ownership;
  private final PodMaker maker;
  private final Expectations expectations;
  private final ControllerLoop<String> loop;

  /**
   * @param workers how many objects are worked on at once
   */
  public ReplicaController(ReplicaKind kind, ControllerContext context, int workers) {
    this.kind = kind;
    this.context = context;
    this.owners = context.informers().of(kind.resource());
    this.pods = context.informers().of(Resources.PODS);
    this.ownership = new Ownership(context.client(), kind.resource(), pods);
    this.maker = new PodMaker(context.client(), context.events());
    this.expectations = new Expectations(context.clock());
    this.loop = new ControllerLoop<>(kind.controllerName(), workers, this::reconcile);
    owners.addIndex("siblings", SameDeployment::controllerUid);
  }

  @Override
  public void start() throws InterruptedException {
    owners.onChange(this::ownerChanged);
    pods.onChange(this::podChanged);
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private void ownerChanged(@Nullable Tree before, @Nullable Tree after) {
    Tree owner = after == null ? before : after;
    if (owner == null) {
      return;
    }
    if (after == null || (before != null && !Meta.uid(before).equals(Meta.uid(after)))) {
      expectations.forget(Meta.key(owner));
    }
    loop.add(Meta.key(owner));
  }

  private void podChanged(@Nullable Tree before, @Nullable Tree after) {
    if (after == null) {
      if (before != null) {
        gone(before);
      }
      return;
    }
    if (before == null) {
      if (Meta.terminating(after)) {
        gone(after);
        return;
      }
      Tree owner = ownerOf(after);
      if (owner != null) {
        expectations.created(Meta.key(owner));
        loop.add(Meta.key(owner));
      } else if (Meta.controllerOf(after) == null) {
        wakeMatching(after);
      }
      return;
    }
    updated(before, after);
  }

  private void updated(Tree before, Tree after) {
    if (Meta.resourceVersion(before).equals(Meta.resourceVersion(after))) {
      return;
    }
    if (Meta.terminating(after)) {
      gone(after);
      return;
    }
    Tree old = ownerOf(before);
    Tree owner = ownerOf(after);
    if (old != null && old != owner) {
      loop.add(Meta.key(old));
    }
    if (owner != null) {
      loop.add(Meta.key(owner));
      long minReadySeconds = owner.number(0, "spec", "minReadySeconds");
      if (minReadySeconds > 0 && PodState.ready(after) && !PodState.ready(before)) {
        loop.addAfter(Meta.key(owner), Duration.ofSeconds(minReadySeconds + 1));
      }
    } else if (Meta.controllerOf(after) == null
        && (Meta.controllerOf(before) != null || !Meta.labels(before).equals(Meta.labels(after)))) {
      wakeMatching(after);
    }
  }

  private void gone(Tree pod) {
    Tree owner = ownerOf(pod);
    if (owner != null) {
      expectations.deleted(Meta.key(owner), Meta.uid(pod));
      loop.add(Meta.key(owner));
    }
  }

  private void wakeMatching(Tree orphan) {
    for (Tree owner : owners.list(Meta.namespace(orphan))) {
      if (kind.selector(owner).matchesObject(orphan)) {
        loop.add(Meta.key(owner));
      }
    }
  }

  private @Nullable Tree ownerOf(Tree pod) {
    Tree reference = Meta.controllerOf(pod);
    if (reference == null || !kind.resource().kind().equals(reference.text("kind"))) {
      return null;
    }
    Tree owner = owners.get(Meta.namespace(pod), reference.textOrEmpty("name"));
    return owner != null && Meta.uid(owner).equals(reference.text("uid")) ? owner : null;
  }

  private @Nullable Duration reconcile(String key) throws Exception {
    if (!owners.synced() || !pods.synced()) {
      return Duration.ofMillis(20);
    }
    Tree owner = owners.get(key);
    if (owner == null) {
      expectations.forget(key);
      return null;
    }
    boolean current = expectations.satisfied(key);
    LabelSelector selector = kind.selector(owner);
    List<Tree> owned = ownership.claim(owner, selector);
    Attempt attempt =
        current && !Meta.terminating(owner)
            ? adjust(key, owner, owned.stream().filter(PodState::active).toList())
            : new Attempt(null, null);
    Instant now = context.clock().instant();
    writeStatus(owner, owned, attempt.failure(), now);
    if (attempt.cause() != null) {
      throw attempt.cause();
    }
    return untilNextAvailable(owner, owned, now);
  }

  private record Attempt(ReplicaStatus.@Nullable Failure failure, @Nullable Exception cause) {}

  private Attempt adjust(String key, Tree owner, List<Tree> active) throws InterruptedException {
    int missing = (int) (owner.number(1, "spec", "replicas") - active.size());
    if (missing == 0) {
      return new Attempt(null, null);
    }
    return missing > 0
        ? create(key, owner, Math.min(missing, BURST))
        : delete(key, owner, active, Math.min(-missing, BURST));
  }

  private Attempt create(String key, Tree owner, int count) throws InterruptedException {
    expectations.expectCreations(key, count);
    Tree template = owner.treeOrEmpty("spec", "template");
    Concurrently.Outcome outcome =
        Concurrently.slowStart(
            count,
            () -> {
              try {
                return maker.create(owner, PodMaker.fromTemplate(owner, template));
              } catch (ApiException refused) {
                if (Refusals.namespaceTerminating(refused)) {
                  // Nothing will ever be seen, and nothing more shall be tried.
                  return owner;
                }
                throw refused;
              }
            });
    expectations.created(key, count - outcome.done());
    return attempt("FailedCreate", outcome);
  }

  private Attempt delete(String key, Tree owner, List<Tree> active, int count)
      throws InterruptedException {
    List<Tree> surplus =
        DeletionOrder.of(active, relatedPodsOnNode(owner), context.clock().instant())
            .subList(0, count);
    expectations.expectDeletions(key, surplus.stream().map(Meta::uid).toList());
    List<Callable<Boolean>> calls = new ArrayList<>(count);
    for (Tree pod : surplus) {
      calls.add(
          () -> {
            try {
              maker.delete(owner, pod);
            } catch (ApiException refused) {
              expectations.deleted(key, Meta.uid(pod));
              if (!refused.notFound()) {
                throw refused;
              }
            }
            return true;
          });
    }
    return attempt("FailedDelete", Concurrently.all(calls));
  }

  private static Attempt attempt(String reason, Concurrently.Outcome outcome) {
    Exception failure = outcome.failure();
    return failure == null
        ? new Attempt(null, null)
        : new Attempt(
            new ReplicaStatus.Failure(reason, String.valueOf(failure.getMessage())), failure);
  }

  private Map<String, Integer> relatedPodsOnNode(Tree owner) {
    Map<String, Integer> counts = new HashMap<>();
    for (Tree related : SameDeployment.of(owner, owners)) {
      for (Tree pod : ownership.ownedBy(Meta.uid(related))) {
        if (PodState.active(pod)) {
          counts.merge(PodState.node(pod), 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  private void writeStatus(
      Tree owner, List<Tree> owned, ReplicaStatus.@Nullable Failure failure, Instant now) {
    Tree status = ReplicaStatus.of(kind, owner, owned, failure, now);
    if (status.equals(owner.treeOrEmpty("status"))) {
      return;
    }
    Tree changed = owner.copy();
    changed.put("status", status);
    context.client().updateStatus(kind.resource(), changed);
  }

  private static @Nullable Duration untilNextAvailable(Tree owner, List<Tree> owned, Instant now) {
    long minReadySeconds = owner.number(0, "spec", "minReadySeconds");
    if (minReadySeconds == 0) {
      return null;
    }
    Duration soonest = null;
    for (Tree pod : owned) {
      Duration left =
          PodState.active(pod) ? PodState.untilAvailable(pod, minReadySeconds, now) : null;
      if (left != null && (soonest == null || left.compareTo(soonest) < 0)) {
        soonest = left;
      }
    }
    return soonest;
  }
}
