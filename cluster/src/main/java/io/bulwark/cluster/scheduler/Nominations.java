package io.bulwark.cluster.scheduler;

import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pods for which room is being made, and on which node. Thread-safe. */
final class Nominations {
  private final Map<String, Map<String, PodInfo>> byNode = new HashMap<>();
  private final Map<String, String> nodeOf = new HashMap<>();

  synchronized void put(PodInfo pod, String node) {
    remove(pod.uid());
    nodeOf.put(pod.uid(), node);
    byNode.computeIfAbsent(node, none -> new LinkedHashMap<>()).put(pod.uid(), pod);
  }

  synchronized void remove(String uid) {
    String node = nodeOf.remove(uid);
    Map<String, PodInfo> pods = node == null ? null : byNode.get(node);
    if (pods != null) {
      pods.remove(uid);
      if (pods.isEmpty()) {
        byNode.remove(node);
      }
    }
  }

  synchronized String nodeOf(String uid) {
    return nodeOf.getOrDefault(uid, "");
  }

  /** Those on a node with less priority. */
  synchronized List<PodInfo> lesser(String node, int priority) {
    return byNode.getOrDefault(node, Map.of()).values().stream()
        .filter(pod -> pod.priority() < priority)
        .toList();
  }

  /** The node with all nominated pods that count against this one. */
  synchronized NodeInfo with(NodeInfo node, PodInfo pod) {
    Map<String, PodInfo> pods = byNode.get(node.name());
    if (pods == null) {
      return node;
    }
    NodeInfo fuller = node;
    for (PodInfo nominated : pods.values()) {
      if (nominated.priority() >= pod.priority() && !nominated.uid().equals(pod.uid())) {
        fuller = fuller.plus(nominated);
      }
    }
    return fuller;
  }
}
