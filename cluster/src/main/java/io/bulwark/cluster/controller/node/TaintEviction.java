package io.bulwark.cluster.controller.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Deletes pods from nodes with NoExecute taints, once they no longer tolerate them.
 *
 * <p>Source: kubernetes pkg/controller/tainteviction.
 */
public final class TaintEviction implements Component {
  /** The source of events; the service account is that of the node controller. */
  public static final String EVENT_SOURCE = "taint-eviction-controller";

  private final ControllerContext context;
  private final Informer nodes;
  private final Informer pods;
  private final Set<String> scheduled = ConcurrentHashMap.newKeySet();
  private final ControllerLoop<String> loop;

  public TaintEviction(ControllerContext context, int workers) {
    this.context = context;
    this.nodes = context.informers().of(Resources.NODES);
    this.pods = NodePods.indexed(context.informers().of(Resources.PODS));
    this.loop = new ControllerLoop<>(EVENT_SOURCE, workers, this::reconcile);
  }

  @Override
  public void start() {
    nodes.onChange(
        (before, after) -> {
          if (after == null) {
            return;
          }
          boolean changed =
              before == null
                  || !Objects.equals(before.at("spec", "taints"), after.at("spec", "taints"));
          if (changed) {
            NodePods.on(pods, Meta.name(after)).forEach(pod -> loop.add(Meta.key(pod)));
          }
        });
    pods.onChange(
        (before, after) -> {
          if (after == null) {
            if (before != null) {
              scheduled.remove(Meta.key(before));
            }
            return;
          }
          boolean moved =
              before == null
                  || !PodState.node(before).equals(PodState.node(after))
                  || !Objects.equals(
                      before.at("spec", "tolerations"), after.at("spec", "tolerations"));
          if (moved && tainted(nodes.get(PodState.node(after)))) {
            loop.add(Meta.key(after));
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private static boolean tainted(@Nullable Tree node) {
    return node != null && !executing(node).isEmpty();
  }

  private static List<Tree> executing(Tree node) {
    return node.trees("spec", "taints").stream()
        .filter(taint -> "NoExecute".equals(taint.text("effect")))
        .toList();
  }

  private @Nullable Duration reconcile(String key) {
    Tree pod = pods.get(key);
    if (pod == null || Meta.terminating(pod)) {
      scheduled.remove(key);
      return null;
    }
    Tree node = nodes.get(PodState.node(pod));
    Instant end = node == null ? null : Tolerance.end(pod, executing(node));
    if (end == null) {
      if (scheduled.remove(key)) {
        context.events().normal(pod, "TaintManagerEviction", "Cancelling deletion of Pod " + key);
      }
      return null;
    }
    Duration left = Duration.between(context.clock().instant(), end);
    if (left.isPositive()) {
      scheduled.add(key);
      return left;
    }
    context.events().normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + key);
    NodePods.patchStatus(
        context.client(),
        pod,
        NodePods.disrupted(
            pod,
            "DeletionByTaintManager",
            "Taint manager: deleting due to NoExecute taint",
            false,
            context.clock().instant()));
    NodePods.delete(context.client(), pod, null);
    scheduled.remove(key);
    return null;
  }

  /** How long a pod stands the taints of its node. */
  static final class Tolerance {
    private Tolerance() {}

    /** When the pod has to go, or null if it may stay for good. */
    static @Nullable Instant end(Tree pod, List<Tree> taints) {
      Instant end = null;
      for (Tree taint : taints) {
        Instant own = end(pod, taint);
        if (own != null && (end == null || own.isBefore(end))) {
          end = own;
        }
      }
      return end;
    }

    private static @Nullable Instant end(Tree pod, Tree taint) {
      Instant added = Timestamps.parse(taint.text("timeAdded"));
      Instant from = added == null ? Instant.EPOCH : added;
      Long shortest = null;
      boolean tolerated = false;
      for (Tree toleration : pod.trees("spec", "tolerations")) {
        if (!tolerates(toleration, taint)) {
          continue;
        }
        tolerated = true;
        if (toleration.get("tolerationSeconds") instanceof Long seconds
            && (shortest == null || seconds < shortest)) {
          shortest = Math.max(0, seconds);
        }
      }
      if (!tolerated) {
        return Instant.EPOCH;
      }
      return shortest == null ? null : from.plusSeconds(shortest);
    }

    private static boolean tolerates(Tree toleration, Tree taint) {
      String effect = toleration.textOrEmpty("effect");
      String key = toleration.textOrEmpty("key");
      if ((!effect.isEmpty() && !effect.equals(taint.text("effect")))
          || (!key.isEmpty() && !key.equals(taint.text("key")))) {
        return false;
      }
      return "Exists".equals(toleration.text("operator"))
          || toleration.textOrEmpty("value").equals(taint.textOrEmpty("value"));
    }
  }
}
