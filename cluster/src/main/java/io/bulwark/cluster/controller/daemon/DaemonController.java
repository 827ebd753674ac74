package io.bulwark.cluster.controller.daemon;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
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
import io.bulwark.cluster.controller.revision.Revisions;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one pod of a DaemonSet on every node that it is meant for, and rolls out new templates.
 *
 * <p>Source: kubernetes pkg/controller/daemon.
 */
public final class DaemonController implements Component {
  /** The service account. */
  public static final String NAME = "daemon-set-controller";

  /** What upstream calls it in events. */
  public static final String EVENT_SOURCE = "daemonset-controller";

  private static final Duration SYNCING = Duration.ofMillis(20);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);
  private static final String GENERATION = "deprecated.daemonset.template.generation";

  private final ControllerContext context;
  private final Informer sets;
  private final Informer pods;
  private final Informer nodes;
  private final Ownership ownership;
  private final Revisions revisions;
  private final PodMaker maker;
  private final Expectations expectations;
  private final Map<String, Failure> failures = new ConcurrentHashMap<>();
  private final ControllerLoop<String> loop;
  private final Owners owners;

  /** How often a node's pod failed, and when last. */
  private record Failure(int count, Instant last) {}

  /**
   * @param workers how many DaemonSets are worked on at once
   */
  public DaemonController(ControllerContext context, int workers) {
    this.context = context;
    this.sets = context.informers().of(Resources.DAEMON_SETS);
    this.pods = context.informers().of(Resources.PODS);
    this.nodes = context.informers().of(Resources.NODES);
    this.ownership = new Ownership(context.client(), Resources.DAEMON_SETS, pods);
    this.revisions = new Revisions(context, Resources.DAEMON_SETS, true);
    this.maker = new PodMaker(context.client(), context.events());
    this.expectations = new Expectations(context.clock());
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
    this.owners = new Owners(sets, Owners::selector, expectations, loop::add);
  }

  @Override
  public void start() {
    owners.follow(pods);
    sets.onChange(
        (before, after) -> {
          if (before != null && (after == null || !Meta.uid(before).equals(Meta.uid(after)))) {
            failures.keySet().removeIf(node -> node.startsWith(Meta.uid(before) + "/"));
          }
        });
    nodes.onChange(this::nodeChanged);
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private void nodeChanged(@Nullable Tree before, @Nullable Tree after) {
    boolean heartbeat =
        before != null
            && after != null
            && Meta.labels(before).equals(Meta.labels(after))
            && before.list("spec", "taints").equals(after.list("spec", "taints"));
    if (!heartbeat) {
      sets.list().forEach(set -> loop.add(Meta.key(set)));
    }
  }

  private @Nullable Duration reconcile(String key) throws Exception {
    if (!sets.synced() || !pods.synced() || !nodes.synced() || !revisions.synced()) {
      return SYNCING;
    }
    Tree set = sets.get(key);
    if (set == null || Meta.terminating(set)) {
      return null;
    }
    List<Tree> known = revisions.of(set);
    Tree revision = revisions.current(set, known);
    String hash = revisions.label(revision);
    List<Tree> owned = ownership.claim(set, Owners.selector(set));
    Instant now = context.clock().instant();
    DaemonPass pass = new DaemonPass(set, nodes.list(), owned, hash, now);
    Duration again =
        PodState.untilNextAvailable(owned, set.number(0, "spec", "minReadySeconds"), now);
    Exception failed = null;
    if (expectations.satisfied(key)) {
      pass.manage();
      again = sooner(again, clearFailed(set, pass));
      if (pass.wanted.isEmpty() && pass.doomed.isEmpty()) {
        pass.roll();
      }
      failed = act(key, set, pass, hash);
      Set<String> live = new HashSet<>(Set.of(hash));
      owned.forEach(pod -> live.add(String.valueOf(Meta.label(pod, Revisions.HASH))));
      revisions.truncate(set, known, live);
    }
    write(set, pass.status());
    if (failed != null) {
      throw failed;
    }
    return again;
  }

  private static @Nullable Duration sooner(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Failed pods go, each node's later the more often it failed; says when to look again. */
  private @Nullable Duration clearFailed(Tree set, DaemonPass pass) {
    Duration soonest = null;
    Instant now = context.clock().instant();
    for (Tree pod : pass.failed) {
      String node = Meta.uid(set) + "/" + DaemonNodes.of(pod);
      Failure before = failures.getOrDefault(node, new Failure(0, Instant.EPOCH));
      Duration delay = Duration.ofSeconds(1L << Math.min(before.count(), 10));
      delay = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
      Duration left = Duration.between(now, before.last().plus(delay));
      if (left.isPositive()) {
        soonest = sooner(soonest, left);
        continue;
      }
      boolean calm = before.last().plus(LONGEST_DELAY.multipliedBy(2)).isBefore(now);
      failures.put(node, new Failure(calm ? 1 : before.count() + 1, now));
      context
          .events()
          .warning(
              set,
              "FailedDaemonPod",
              "Found failed daemon pod "
                  + Meta.key(pod)
                  + " on node "
                  + DaemonNodes.of(pod)
                  + ", will try to kill it");
      pass.doomed.add(pod);
    }
    return soonest;
  }

  private @Nullable Exception act(String key, Tree set, DaemonPass pass, String hash)
      throws InterruptedException {
    if (!pass.doomed.isEmpty()) {
      expectations.expectDeletions(key, pass.doomed.stream().map(Meta::uid).toList());
      List<Callable<Boolean>> calls = new ArrayList<>();
      pass.doomed.forEach(pod -> calls.add(() -> delete(key, set, pod)));
      return Concurrently.all(calls).failure();
    }
    if (!pass.wanted.isEmpty()) {
      expectations.expectCreations(key, pass.wanted.size());
      List<Callable<Tree>> calls = new ArrayList<>();
      pass.wanted.forEach(node -> calls.add(() -> make(set, node, hash)));
      Concurrently.Outcome outcome = Concurrently.all(calls);
      expectations.created(key, pass.wanted.size() - outcome.done());
      return outcome.failure();
    }
    return null;
  }

  private boolean delete(String key, Tree set, Tree pod) {
    try {
      maker.delete(set, pod);
    } catch (ApiException refused) {
      expectations.deleted(key, Meta.uid(pod));
      if (!refused.notFound()) {
        throw refused;
      }
    }
    return true;
  }

  private Tree make(Tree set, String node, String hash) {
    Tree pod = PodMaker.fromTemplate(set, set.treeOrEmpty("spec", "template"));
    pod.set(hash, "metadata", "labels", Revisions.HASH);
    String generation = Meta.annotation(set, GENERATION);
    if (generation != null) {
      pod.set(generation, "metadata", "labels", "pod-template-generation");
    }
    DaemonNodes.bind(pod.child("spec"), node);
    try {
      return maker.create(set, pod);
    } catch (ApiException refused) {
      if (Refusals.namespaceTerminating(refused)) {
        return pod;
      }
      throw refused;
    }
  }

  private void write(Tree set, Tree status) {
    if (!status.equals(set.treeOrEmpty("status"))) {
      Tree changed = set.copy();
      changed.put("status", status);
      context.client().updateStatus(Resources.DAEMON_SETS, changed);
    }
  }
}
