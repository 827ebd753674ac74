package io.bulwark.cluster.controller.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NodeRulesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static Tree node(String ready) {
    return Tree.of(
        "metadata", Tree.of("name", "n"),
        "status",
            Tree.of(
                "conditions",
                TreeList.of(
                    Tree.of(
                        "type", "Ready",
                        "status", ready,
                        "lastHeartbeatTime", "2026-01-01T00:00:00Z"))));
  }

  private static Tree lease(String renewed) {
    return Tree.of("metadata", Tree.of("name", "n"), "spec", Tree.of("renewTime", renewed));
  }

  @Test
  void onlyARenewedLeaseIsASignOfLife() {
    AtomicReference<Instant> now = new AtomicReference<>(START);
    Heartbeats heartbeats = new Heartbeats(now::get, Duration.ofSeconds(40));
    heartbeats.lease(lease("1999-01-01T00:00:00.000000Z"));
    now.set(START.plusSeconds(30));
    heartbeats.lease(lease("1999-01-01T00:00:00.000000Z"));
    assertEquals(Duration.ofSeconds(10), heartbeats.left("n"));
    heartbeats.lease(lease("1999-01-01T00:00:10.000000Z"));
    assertEquals(Duration.ofSeconds(40), heartbeats.left("n"));
    now.set(START.plusSeconds(71));
    assertTrue(heartbeats.left("n").isNegative());
  }

  @Test
  void taintsFollowConditionsAndLeaveThoseOfOthers() {
    Tree silent = node("Unknown");
    silent
        .childList("spec", "taints")
        .add(Tree.of("key", "dedicated", "value", "db", "effect", "NoSchedule"));
    List<String> effects = new ArrayList<>();
    for (Tree taint : NodeTaints.of(silent, true, START).trees()) {
      effects.add(taint.text("key") + ":" + taint.text("effect"));
    }
    assertEquals(
        List.of(
            "dedicated:NoSchedule",
            "node.kubernetes.io/unreachable:NoSchedule",
            "node.kubernetes.io/unreachable:NoExecute"),
        effects);
    Tree back = node("True");
    back.set(NodeTaints.of(silent, true, START), "spec", "taints");
    assertEquals(1, NodeTaints.of(back, false, START).size());
  }

  @Test
  void nobodyIsDrivenOffWhenAllNodesAreSilent() {
    Disruption disruption = new Disruption();
    assertFalse(disruption.mayEvict(List.of(node("Unknown")), START).isZero());
    assertTrue(disruption.mayEvict(List.of(node("Unknown"), node("True")), START).isZero());
    assertEquals(
        Duration.ofSeconds(10), disruption.mayEvict(List.of(node("Unknown"), node("True")), START));
  }

  @Test
  void aPodLeavesWhenItsShortestTolerationEnds() {
    List<Tree> taints =
        List.of(
            Tree.of(
                "key",
                NodeTaints.UNREACHABLE,
                "effect",
                "NoExecute",
                "timeAdded",
                START.toString()));
    Tree pod = new Tree();
    assertEquals(Instant.EPOCH, TaintEviction.Tolerance.end(pod, taints));
    Tree toleration =
        Tree.of(
            "key",
            NodeTaints.UNREACHABLE,
            "operator",
            "Exists",
            "effect",
            "NoExecute",
            "tolerationSeconds",
            300);
    pod.childList("spec", "tolerations").add(toleration);
    assertEquals(START.plusSeconds(300), TaintEviction.Tolerance.end(pod, taints));
    toleration.remove("tolerationSeconds");
    assertNull(TaintEviction.Tolerance.end(pod, taints));
  }

  @Test
  void aRangeIsCutIntoParts() {
    AddressRange range = AddressRange.parse("10.244.0.0/16");
    assertEquals("10.244.0.0/24", String.valueOf(range.part(0, 24)));
    assertEquals("10.244.255.0/24", String.valueOf(range.part(255, 24)));
    assertNull(range.part(256, 24));
    assertEquals(
        "fd00:0:0:1:0:0:0:0/64", String.valueOf(AddressRange.parse("fd00::/48").part(1, 64)));
  }
}
