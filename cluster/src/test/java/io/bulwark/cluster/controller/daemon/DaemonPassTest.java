package io.bulwark.cluster.controller.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.controller.revision.Revisions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DaemonPassTest {
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private static Tree node(String name) {
    return Tree.of("metadata", Tree.of("name", name));
  }

  private static Tree pod(String node, String hash, String phase) {
    return Tree.of(
        "metadata",
        Tree.of("name", "agent-" + node, "labels", Tree.of(Revisions.HASH, hash)),
        "spec",
        Tree.of("nodeName", node),
        "status",
        Tree.of("phase", phase));
  }

  @Test
  void anUpdateReplacesPodsThatFailedBeforeIt() {
    Tree set = Tree.of("spec", Tree.of("updateStrategy", Tree.of("type", "RollingUpdate")));
    List<Tree> pods = List.of(pod("a", "old", "Failed"), pod("b", "old", "Running"));
    DaemonPass pass = new DaemonPass(set, List.of(node("a"), node("b")), pods, "new", NOW);
    pass.manage();
    assertEquals(List.of("agent-a"), pass.failed.stream().map(Meta::name).toList());
    pass.roll();
    assertEquals(List.of("agent-a", "agent-b"), pass.doomed.stream().map(Meta::name).toList());
    assertEquals(2, pass.status().number(0, "desiredNumberScheduled"));
  }
}
