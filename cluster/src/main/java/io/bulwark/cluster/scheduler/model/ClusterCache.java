package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Nodes with their pods, kept current by events. A pod that was given a node counts there at once,
 * before the server says so. Thread-safe.
 */
public final class ClusterCache {
  private final Map<String, NodeInfo> nodes = new HashMap<>();
  private final List<String> order = new ArrayList<>();
  private final Map<String, PodInfo> placed = new HashMap<>();
  private final Function<String, @Nullable Tree> namespaceLabels;
  private @Nullable Snapshot snapshot;

  public ClusterCache(Function<String, @Nullable Tree> namespaceLabels) {
    this.namespaceLabels = namespaceLabels;
  }

  public synchronized void putNode(Tree node) {
    String name = Meta.name(node);
    NodeInfo old = nodes.get(name);
    if (old == null || !old.known()) {
      order.add(name);
    }
    nodes.put(name, old == null ? NodeInfo.of(node) : old.described(node));
    snapshot = null;
  }

  public synchronized void removeNode(String name) {
    NodeInfo old = nodes.get(name);
    if (old == null) {
      return;
    }
    order.remove(name);
    if (old.pods().isEmpty()) {
      nodes.remove(name);
    } else {
      nodes.put(name, old.forgotten());
    }
    snapshot = null;
  }

  /** A pod stands on the node that it names, whatever was there of it before. */
  public synchronized void putPod(PodInfo pod) {
    PodInfo old = placed.put(pod.uid(), pod);
    if (old != null) {
      change(old.node(), node -> node.minus(old.uid()));
    }
    change(pod.node(), node -> node.plus(pod));
  }

  public synchronized void removePod(String uid) {
    PodInfo old = placed.remove(uid);
    if (old != null) {
      change(old.node(), node -> node.minus(uid));
    }
  }

  /** The pod as it stands on a node, or null. */
  public synchronized @Nullable PodInfo placed(String uid) {
    return placed.get(uid);
  }

  private void change(String name, Function<NodeInfo, NodeInfo> change) {
    NodeInfo old = nodes.getOrDefault(name, NodeInfo.unknown(name));
    NodeInfo changed = change.apply(old);
    if (!changed.known() && changed.pods().isEmpty()) {
      nodes.remove(name);
    } else {
      nodes.put(name, changed);
    }
    snapshot = null;
  }

  public synchronized Snapshot snapshot() {
    Snapshot present = snapshot;
    if (present == null) {
      List<NodeInfo> known = new ArrayList<>(order.size());
      for (String name : order) {
        NodeInfo node = nodes.get(name);
        if (node != null) {
          known.add(node);
        }
      }
      present = new Snapshot(known, namespaceLabels);
      snapshot = present;
    }
    return present;
  }
}
