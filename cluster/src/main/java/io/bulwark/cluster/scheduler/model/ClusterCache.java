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

  /** The known nodes, and where each of them is in the list. */
  private final List<NodeInfo> known = new ArrayList<>();

  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, PodInfo> placed = new HashMap<>();
  private final Function<String, @Nullable Tree> namespaceLabels;
  private @Nullable Snapshot snapshot;

  public ClusterCache(Function<String, @Nullable Tree> namespaceLabels) {
    this.namespaceLabels = namespaceLabels;
  }

  public synchronized void putNode(Tree node) {
    String name = Meta.name(node);
    NodeInfo old = nodes.get(name);
    put(name, old == null ? NodeInfo.of(node) : old.described(node));
  }

  public synchronized void removeNode(String name) {
    NodeInfo old = nodes.get(name);
    if (old == null) {
      return;
    }
    put(name, old.forgotten());
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
    put(name, change.apply(nodes.getOrDefault(name, NodeInfo.unknown(name))));
  }

  /** The state of one node; the list is changed in place, so that a snapshot is one plain copy. */
  private void put(String name, NodeInfo node) {
    if (node.known() || !node.pods().isEmpty()) {
      nodes.put(name, node);
    } else {
      nodes.remove(name);
    }
    Integer place = places.get(name);
    if (node.known() && place != null) {
      known.set(place, node);
    } else if (node.known()) {
      places.put(name, known.size());
      known.add(node);
    } else if (place != null) {
      known.remove(place.intValue());
      places.clear();
      for (int i = 0; i < known.size(); i++) {
        places.put(known.get(i).name(), i);
      }
    }
    snapshot = null;
  }

  public synchronized Snapshot snapshot() {
    Snapshot present = snapshot;
    if (present == null) {
      present = new Snapshot(known, namespaceLabels);
      snapshot = present;
    }
    return present;
  }
}
