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
import io.bulwark.cluster.controller.pod.Owners;
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
  private final Owners wiring;

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
    this.wiring = new Owners(owners, kind::selector, expectations, loop::add);
    owners.addIndex("siblings", SameDeployment::controllerUid);
  }

  @Override
  public void start() throws InterruptedException {
    wiring.follow(pods);
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
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
    return PodState.untilNextAvailable(owned, owner.number(0, "spec", "minReadySeconds"), now);
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
}
