package io.bulwark.cluster.controller.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Notices nodes that fall silent, says so in their status, taints them, and marks their pods as not
 * ready.
 *
 * <p>Source: kubernetes pkg/controller/nodelifecycle.
 */
public final class NodeLifecycle implements Component {
  /** The service account, and the source of events. */
  public static final String NAME = "node-controller";

  private static final List<String> BEATS =
      List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  private final ControllerContext context;
  private final Informer nodes;
  private final Informer pods;
  private final Informer leases;
  private final Heartbeats heartbeats;
  private final Disruption disruption = new Disruption();
  private final Set<String> emptied = ConcurrentHashMap.newKeySet();
  private final ControllerLoop<String> loop;

  /**
   * @param grace how long a node may be silent
   */
  public NodeLifecycle(ControllerContext context, Duration grace, int workers) {
    this.context = context;
    this.nodes = context.informers().of(Resources.NODES);
    this.pods = NodePods.indexed(context.informers().of(Resources.PODS));
    this.leases =
        context
            .informers()
            .of(Resources.LEASES, Query.fields("metadata.namespace=kube-node-lease"));
    this.heartbeats = new Heartbeats(context.clock(), grace);
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
  }

  @Override
  public void start() {
    leases.onChange(
        (before, after) -> {
          if (after != null) {
            heartbeats.lease(after);
          }
        });
    nodes.onChange(this::nodeChanged);
    loop.start();
  }

  private void nodeChanged(@Nullable Tree before, @Nullable Tree after) {
    if (after != null) {
      heartbeats.status(after);
      loop.add(Meta.name(after));
    } else if (before != null) {
      heartbeats.forget(Meta.name(before));
      emptied.remove(Meta.name(before));
    }
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String name) {
    if (!nodes.synced() || !leases.synced() || !pods.synced()) {
      return Duration.ofMillis(50);
    }
    Tree node = nodes.get(name);
    if (node == null || Meta.terminating(node)) {
      return null;
    }
    Duration left = heartbeats.left(name);
    if (!left.isPositive() && !Conditions.status(node, "Ready").equals("Unknown")) {
      node = silence(node);
    }
    boolean ready = Conditions.status(node, "Ready").equals("True");
    Duration again = left.isPositive() ? left : null;
    if (ready) {
      emptied.remove(name);
    } else {
      again = sooner(again, unready(node));
    }
    taint(node);
    return again;
  }

  private static @Nullable Duration sooner(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || (other != null && other.compareTo(one) < 0)) {
      return other;
    }
    return one;
  }

  private Tree silence(Tree node) {
    Tree changed = node.copy();
    TreeList conditions = changed.childList("status", "conditions");
    String now = Timestamps.seconds(context.clock().instant());
    for (String type : BEATS) {
      Tree old = Conditions.in(conditions, type);
      Tree condition = old == null ? Tree.of("type", type) : old.copy();
      if (old == null || !"Unknown".equals(old.text("status"))) {
        condition.put("lastTransitionTime", now);
      }
      condition.put("status", "Unknown");
      condition.put("reason", old == null ? "NodeStatusNeverUpdated" : "NodeStatusUnknown");
      condition.put(
          "message",
          old == null
              ? "Kubelet never posted node status."
              : "Kubelet stopped posting node status.");
      Conditions.put(conditions, condition);
    }
    Tree written = context.client().updateStatus(Resources.NODES, changed);
    context
        .events()
        .normal(node, "NodeNotReady", "Node " + Meta.name(node) + " status is now: NodeNotReady");
    return written;
  }

  private @Nullable Duration unready(Tree node) {
    String name = Meta.name(node);
    String status = Conditions.status(node, "Ready");
    if (status.equals("Unknown")) {
      NodePods.on(pods, name).forEach(this::markUnready);
    }
    if (status.isEmpty() || emptied.contains(name)) {
      return null;
    }
    Duration wait = disruption.mayEvict(nodes.list(), context.clock().instant());
    if (wait.isZero()) {
      emptied.add(name);
      return null;
    }
    return wait;
  }

  private void markUnready(Tree pod) {
    if (!PodState.ready(pod) || PodState.terminal(pod)) {
      return;
    }
    Tree patch =
        Tree.of(
            "metadata", Tree.of("uid", Meta.uid(pod)),
            "status",
                Tree.of(
                    "conditions",
                    TreeList.of(
                        Tree.of(
                            "type", "Ready",
                            "status", "False",
                            "lastTransitionTime", Timestamps.seconds(context.clock().instant())))));
    NodePods.patchStatus(context.client(), pod, patch);
    context.events().warning(pod, "NodeNotReady", "Node is not ready");
  }

  private void taint(Tree node) {
    Instant now = context.clock().instant();
    boolean evict = emptied.contains(Meta.name(node)) && !Disruption.total(nodes.list());
    TreeList taints = NodeTaints.of(node, evict, now);
    if (taints.equals(node.list("spec", "taints"))) {
      return;
    }
    Tree patch =
        Tree.of(
            "metadata", Tree.of("resourceVersion", Meta.resourceVersion(node)),
            "spec", Tree.of("taints", taints.isEmpty() ? null : taints));
    context
        .client()
        .patch(Resources.NODES, null, Meta.name(node), null, PatchType.MERGE, patch, Query.none());
  }
}
