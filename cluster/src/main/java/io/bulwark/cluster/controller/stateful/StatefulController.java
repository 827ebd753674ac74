package io.bulwark.cluster.controller.stateful;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.controller.pod.Owners;
import io.bulwark.cluster.controller.pod.Ownership;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.controller.revision.Revisions;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the numbered pods of StatefulSets: makes them in order, takes them away in reverse, and
 * rolls out new templates from the last to the first.
 *
 * <p>Source: kubernetes pkg/controller/statefulset.
 */
public final class StatefulController implements Component {
  /** The service account. */
  public static final String NAME = "statefulset-controller";

  private static final Duration SYNCING = Duration.ofMillis(20);

  private final ControllerContext context;
  private final Informer sets;
  private final Informer pods;
  private final Ownership ownership;
  private final Revisions revisions;
  private final ControllerLoop<String> loop;
  private final Owners owners;

  /**
   * @param workers how many StatefulSets are worked on at once
   */
  public StatefulController(ControllerContext context, int workers) {
    this.context = context;
    this.sets = context.informers().of(Resources.STATEFUL_SETS);
    this.pods = context.informers().of(Resources.PODS);
    this.ownership = new Ownership(context.client(), Resources.STATEFUL_SETS, pods);
    this.revisions = new Revisions(context, Resources.STATEFUL_SETS, false);
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
    this.owners = new Owners(sets, Owners::selector, null, loop::add);
  }

  @Override
  public void start() {
    owners.follow(pods);
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String key) {
    if (!sets.synced() || !pods.synced() || !revisions.synced()) {
      return SYNCING;
    }
    Tree set = sets.get(key);
    if (set == null) {
      return null;
    }
    List<Tree> owned = ownership.claim(set, Owners.selector(set));
    if (Meta.terminating(set)) {
      return null;
    }
    List<Tree> known = revisions.of(set);
    Tree update = revisions.current(set, known);
    String settled = set.textOrEmpty("status", "currentRevision");
    Tree current =
        known.stream().filter(each -> Meta.name(each).equals(settled)).findFirst().orElse(update);
    Instant now = context.clock().instant();
    StatefulPass pass = new StatefulPass(set, owned, Meta.name(current), Meta.name(update), now);
    pass.plan();
    ApiException failed = null;
    try {
      act(set, pass, current, update);
    } catch (ApiException refused) {
      failed = refused;
    }
    try {
      write(set, pass.status());
    } catch (ApiException refused) {
      if (failed == null) {
        throw refused;
      }
      failed.addSuppressed(refused);
    }
    if (failed != null) {
      throw failed;
    }
    Set<String> live = new HashSet<>(List.of(Meta.name(current), Meta.name(update)));
    owned.forEach(pod -> live.add(String.valueOf(Meta.label(pod, Revisions.HASH))));
    revisions.truncate(set, known, live);
    return PodState.untilNextAvailable(owned, set.number(0, "spec", "minReadySeconds"), now);
  }

  private void act(Tree set, StatefulPass pass, Tree current, Tree update) {
    for (Tree pod : pass.ended) {
      boolean failed = PodState.phase(pod).equals("Failed");
      String what = "StatefulSet " + Meta.key(set) + " is recreating ";
      context
          .events()
          .warning(
              set,
              failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
              what + (failed ? "failed" : "terminated") + " Pod " + Meta.name(pod));
      delete(set, pod);
    }
    ApiException taken = null;
    for (long ordinal : pass.wanted) {
      try {
        make(set, ordinal, pass.ofCurrent(ordinal) ? current : update);
      } catch (ApiException refused) {
        if (!refused.alreadyExists()) {
          throw refused;
        }
        taken = refused;
      }
    }
    pass.doomed.forEach(pod -> delete(set, pod));
    if (taken != null) {
      // The cache is behind, or a pod that is not the set's has the name: no event tells when it
      // goes.
      throw taken;
    }
  }

  private void make(Tree set, long ordinal, Tree revision) {
    for (Tree claim : Ordinals.claims(set, ordinal)) {
      claim(set, claim);
    }
    Tree pod = Ordinals.pod(set, Revisions.template(revision), ordinal, Meta.name(revision));
    String told = "Pod " + Meta.name(pod) + " in StatefulSet " + Meta.name(set);
    try {
      context.client().create(Resources.PODS, Meta.namespace(set), pod);
      context.events().normal(set, "SuccessfulCreate", "Create " + told + " successful");
    } catch (ApiException refused) {
      if (Refusals.namespaceTerminating(refused)) {
        return;
      }
      if (!refused.alreadyExists()) {
        context
            .events()
            .warning(
                set, "FailedCreate", "Create " + told + " failed error: " + refused.getMessage());
      }
      throw refused;
    }
  }

  private void claim(Tree set, Tree claim) {
    try {
      context.client().create(Resources.PERSISTENT_VOLUME_CLAIMS, Meta.namespace(set), claim);
    } catch (ApiException refused) {
      if (!refused.alreadyExists()) {
        throw refused;
      }
    }
  }

  private void delete(Tree set, Tree pod) {
    String told = "Pod " + Meta.name(pod) + " in StatefulSet " + Meta.name(set);
    Tree options =
        Tree.of(
            "apiVersion", "v1",
            "kind", "DeleteOptions",
            "preconditions", Tree.of("uid", Meta.uid(pod)));
    try {
      context.client().delete(Resources.PODS, Meta.namespace(pod), Meta.name(pod), options);
      context.events().normal(set, "SuccessfulDelete", "Delete " + told + " successful");
    } catch (ApiException refused) {
      if (!refused.notFound() && !refused.conflict()) {
        context
            .events()
            .warning(
                set, "FailedDelete", "Delete " + told + " failed error: " + refused.getMessage());
        throw refused;
      }
    }
  }

  private void write(Tree set, Tree status) {
    if (!status.equals(set.treeOrEmpty("status"))) {
      Tree changed = set.copy();
      changed.put("status", status);
      context.client().updateStatus(Resources.STATEFUL_SETS, changed);
    }
  }
}
