package io.bulwark.cluster.controller.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Removes pods that nobody will ever end: those of nodes that are gone, deleted ones that never had
 * a node, and ended ones beyond a number.
 *
 * <p>Source: kubernetes pkg/controller/podgc.
 */
public final class PodGarbage implements Component {
  /** The service account. */
  public static final String NAME = "pod-garbage-collector";

  private static final String ALL = "all";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ControllerContext context;
  private final Informer nodes;
  private final Informer pods;
  private final int keep;
  private final Duration quarantine;
  private final Map<String, Instant> missing = new HashMap<>();
  private final ControllerLoop<String> loop;

  /**
   * @param keep how many ended pods may stay
   * @param quarantine how long a node must be gone before its pods are removed
   */
  public PodGarbage(ControllerContext context, int keep, Duration quarantine) {
    this.context = context;
    this.nodes = context.informers().of(Resources.NODES);
    this.pods = NodePods.indexed(context.informers().of(Resources.PODS));
    this.keep = keep;
    this.quarantine = quarantine;
    this.loop = new ControllerLoop<>(NAME, 1, this::reconcile);
  }

  @Override
  public void start() {
    nodes.onChange(
        (before, after) -> {
          if (after == null || outOfService(after)) {
            loop.addAfter(ALL, PAUSE);
          }
        });
    pods.onChange(
        (before, after) -> {
          if (after != null && suspicious(after)) {
            loop.addAfter(ALL, PAUSE);
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private boolean suspicious(Tree pod) {
    String node = PodState.node(pod);
    return PodState.terminal(pod)
        || (node.isEmpty() ? Meta.terminating(pod) : nodes.get(node) == null)
        || (Meta.terminating(pod) && outOfService(nodes.get(node)));
  }

  private static boolean outOfService(@Nullable Tree node) {
    return node != null
        && !Conditions.status(node, "Ready").equals("True")
        && node.trees("spec", "taints").stream()
            .anyMatch(taint -> NodeTaints.OUT_OF_SERVICE.equals(taint.text("key")));
  }

  private @Nullable Duration reconcile(String all) {
    if (!nodes.synced() || !pods.synced()) {
      return PAUSE;
    }
    Instant now = context.clock().instant();
    List<Tree> ended = new ArrayList<>();
    Map<String, Boolean> gone = new HashMap<>();
    for (Tree pod : pods.list()) {
      String node = PodState.node(pod);
      if (PodState.terminal(pod) && !Meta.terminating(pod)) {
        ended.add(pod);
      }
      if (node.isEmpty()) {
        if (Meta.terminating(pod)) {
          remove(pod, "PodGC: deletion of unscheduled pod", now);
        }
      } else if (nodes.get(node) == null) {
        if (gone.computeIfAbsent(node, name -> confirmed(name, now))) {
          remove(pod, "PodGC: node no longer exists", now);
        }
      } else if (Meta.terminating(pod) && outOfService(nodes.get(node))) {
        remove(pod, "PodGC: node is out-of-service", now);
      }
    }
    trim(ended);
    missing.keySet().removeIf(node -> nodes.get(node) != null || !gone.containsKey(node));
    return gone.containsValue(false) ? quarantine : null;
  }

  private boolean confirmed(String node, Instant now) {
    Instant since = missing.computeIfAbsent(node, none -> now);
    return !since.plus(quarantine).isAfter(now)
        && context.client().find(Resources.NODES, null, node) == null;
  }

  private void remove(Tree pod, String message, Instant now) {
    if (!PodState.terminal(pod) && !PodState.node(pod).isEmpty()) {
      NodePods.patchStatus(
          context.client(), pod, NodePods.disrupted(pod, "DeletionByPodGC", message, true, now));
    }
    NodePods.delete(context.client(), pod, 0L);
  }

  private void trim(List<Tree> ended) {
    int surplus = ended.size() - keep;
    if (keep <= 0 || surplus <= 0) {
      return;
    }
    ended.sort(Comparator.comparing(pod -> pod.textOrEmpty("metadata", "creationTimestamp")));
    for (Tree pod : ended.subList(0, surplus)) {
      NodePods.delete(context.client(), pod, 0L);
    }
  }
}
