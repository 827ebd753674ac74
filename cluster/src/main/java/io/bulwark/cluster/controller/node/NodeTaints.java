package io.bulwark.cluster.controller.node;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The taints that a node should have by its conditions.
 *
 * <p>Source: kubernetes pkg/controller/nodelifecycle.
 */
final class NodeTaints {
  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
  private static final Map<String, String> BY_CONDITION =
      Map.of(
          "MemoryPressure", "node.kubernetes.io/memory-pressure",
          "DiskPressure", "node.kubernetes.io/disk-pressure",
          "PIDPressure", "node.kubernetes.io/pid-pressure",
          "NetworkUnavailable", "node.kubernetes.io/network-unavailable");
  private static final Set<String> OURS =
      Set.of(
          NOT_READY,
          UNREACHABLE,
          UNSCHEDULABLE,
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/network-unavailable");

  private NodeTaints() {}

  private record Wanted(String key, String effect) {}

  /**
   * The taints to have: those of others as they are, ours by the node's conditions.
   *
   * @param evict whether pods may be driven off an unready node
   */
  static TreeList of(Tree node, boolean evict, Instant now) {
    List<Wanted> wanted = wanted(node, evict);
    TreeList taints = new TreeList();
    for (Tree taint : node.trees("spec", "taints")) {
      Wanted present = new Wanted(taint.textOrEmpty("key"), taint.textOrEmpty("effect"));
      if (wanted.remove(present) || !ours(present)) {
        taints.add(taint.copy());
      }
    }
    for (Wanted missing : wanted) {
      taints.add(
          Tree.of(
              "key", missing.key,
              "effect", missing.effect,
              "timeAdded", Timestamps.seconds(now)));
    }
    return taints;
  }

  private static boolean ours(Wanted taint) {
    return OURS.contains(taint.key)
        && (taint.effect.equals("NoSchedule")
            || (taint.effect.equals("NoExecute")
                && (taint.key.equals(NOT_READY) || taint.key.equals(UNREACHABLE))));
  }

  private static List<Wanted> wanted(Tree node, boolean evict) {
    List<Wanted> wanted = new ArrayList<>();
    String ready = Conditions.status(node, "Ready");
    String key =
        switch (ready) {
          case "False" -> NOT_READY;
          case "Unknown" -> UNREACHABLE;
          default -> "";
        };
    if (!key.isEmpty()) {
      wanted.add(new Wanted(key, "NoSchedule"));
      if (evict) {
        wanted.add(new Wanted(key, "NoExecute"));
      }
    }
    BY_CONDITION.forEach(
        (condition, taint) -> {
          if (Conditions.status(node, condition).equals("True")) {
            wanted.add(new Wanted(taint, "NoSchedule"));
          }
        });
    if (node.flag("spec", "unschedulable")) {
      wanted.add(new Wanted(UNSCHEDULABLE, "NoSchedule"));
    }
    return wanted;
  }
}
