package io.bulwark.cluster.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.scheduler.framework.PostFilter;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private final Nominations nominations = new Nominations();
  private final Profile profile = Profile.standard();
  private final SchedulingCycle cycle = new SchedulingCycle(profile, nominations, new Random(1));
  private final List<String> victims = new ArrayList<>();
  private final Preemption preemption =
      new Preemption(
          profile,
          nominations,
          (victim, preemptor, node) -> victims.add(victim.name()),
          new Random(1));

  private static Tree node(String name, String cpu) {
    return Tree.of(
        "metadata", Tree.of("name", name, "labels", Tree.of("host", name)),
        "status", Tree.of("allocatable", Tree.of("cpu", cpu, "memory", "4Gi", "pods", "10")));
  }

  private static Tree pod(String name, String cpu, int priority) {
    return Tree.of(
        "metadata",
            Tree.of("name", name, "namespace", "d", "uid", name, "labels", Tree.of("app", name)),
        "spec",
            Tree.of(
                "priority",
                priority,
                "containers",
                TreeList.of(Tree.of("resources", Tree.of("requests", Tree.of("cpu", cpu))))));
  }

  private static Snapshot cluster(NodeInfo... nodes) {
    return new Snapshot(List.of(nodes), namespace -> null);
  }

  private String message(Tree pod, Snapshot cluster) {
    SchedulingCycle.NoneFits none =
        assertInstanceOf(SchedulingCycle.NoneFits.class, cycle.run(PodInfo.of(pod), cluster));
    PostFilter.Outcome outcome = preemption.makeRoom(PodInfo.of(pod), cluster, none.refusals());
    return FitMessage.of(cluster.nodes().size(), none.refusals().values())
        + " no new claims to deallocate, preemption: "
        + outcome.message();
  }

  private String chosen(Tree pod, Snapshot cluster) {
    return assertInstanceOf(SchedulingCycle.Chosen.class, cycle.run(PodInfo.of(pod), cluster))
        .node();
  }

  @Test
  void thePodThatDoesNotFitIsToldWhyInUpstreamsWords() {
    Tree tainted = node("b", "4");
    tainted
        .childList("spec", "taints")
        .add(Tree.of("key", "dedicated", "value", "db", "effect", "NoSchedule"));
    Tree other = node("c", "4");
    other.copy();
    other
        .childList("spec", "taints")
        .add(Tree.of("key", "dedicated", "value", "db", "effect", "NoSchedule"));
    assertEquals(
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint"
            + " {dedicated: db}. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful"
            + " for scheduling.",
        message(
            pod("p", "2", 0),
            cluster(NodeInfo.of(node("a", "1")), NodeInfo.of(tainted), NodeInfo.of(other))));
  }

  @Test
  void withoutLesserPodsThereAreNoVictims() {
    NodeInfo full = NodeInfo.of(node("a", "2")).plus(PodInfo.of(pod("x", "2", 0)));
    assertEquals(
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No"
            + " preemption victims found for incoming pod.",
        message(pod("p", "1", 0), cluster(full)));
  }

  @Test
  void theEmptierNodeIsChosen() {
    NodeInfo busy = NodeInfo.of(node("a", "4")).plus(PodInfo.of(pod("x", "2", 0)));
    assertEquals("b", chosen(pod("p", "1", 0), cluster(busy, NodeInfo.of(node("b", "4")))));
  }

  @Test
  void preemptionSparesWhatItCanAndTakesTheLeastImportant() {
    NodeInfo full =
        NodeInfo.of(node("a", "3"))
            .plus(PodInfo.of(pod("low", "1", 1)))
            .plus(PodInfo.of(pod("middle", "1", 5)))
            .plus(PodInfo.of(pod("high", "1", 50)));
    Snapshot cluster = cluster(full);
    Tree incoming = pod("p", "1", 10);
    SchedulingCycle.NoneFits none =
        assertInstanceOf(SchedulingCycle.NoneFits.class, cycle.run(PodInfo.of(incoming), cluster));
    assertEquals("a", preemption.makeRoom(PodInfo.of(incoming), cluster, none.refusals()).node());
    assertEquals(List.of("low"), victims);
  }

  @Test
  void aNominatedPodHoldsItsPlaceAgainstLesserOnes() {
    nominations.put(PodInfo.of(pod("first", "2", 10)), "a");
    Snapshot cluster = cluster(NodeInfo.of(node("a", "2")));
    assertInstanceOf(
        SchedulingCycle.NoneFits.class, cycle.run(PodInfo.of(pod("p", "1", 0)), cluster));
    assertEquals("a", chosen(pod("p", "1", 20), cluster));
  }

  @Test
  void antiAffinityKeepsPodsApartBothWays() {
    Tree loner = pod("loner", "1", 0);
    loner
        .childList(
            "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
        .add(
            Tree.of(
                "topologyKey",
                "host",
                "labelSelector",
                Tree.of("matchLabels", Tree.of("app", "loner"))));
    NodeInfo taken = NodeInfo.of(node("a", "4")).plus(PodInfo.of(loner));
    Tree second = loner.copy().set("loner2", "metadata", "uid");
    assertEquals("b", chosen(second, cluster(taken, NodeInfo.of(node("b", "4")))));
    Tree plain = pod("other", "1", 0).set("loner", "metadata", "labels", "app");
    assertEquals(
        "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules."
            + " no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming"
            + " pod.",
        message(plain, cluster(taken)));
  }

  @Test
  void hostPortsConflictByAddressAndProtocolEvenWhilePending() {
    Tree first = pod("x", "1", 0);
    Tree container = first.treeOrEmpty("spec").trees("containers").getFirst();
    container
        .childList("ports")
        .add(Tree.of("hostPort", 80, "hostIP", "127.0.0.1", "protocol", "TCP"));
    NodeInfo node = NodeInfo.of(node("a", "4")).plus(PodInfo.of(first));
    Tree second = first.copy().set("y", "metadata", "uid");
    Tree port = second.treeOrEmpty("spec").trees("containers").getFirst().trees("ports").getFirst();
    assertInstanceOf(SchedulingCycle.NoneFits.class, cycle.run(PodInfo.of(second), cluster(node)));
    port.put("protocol", "UDP");
    assertEquals("a", chosen(second, cluster(node)));
    port.put("protocol", "TCP");
    port.put("hostIP", "127.0.0.2");
    assertEquals("a", chosen(second, cluster(node)));
    port.remove("hostIP");
    assertInstanceOf(SchedulingCycle.NoneFits.class, cycle.run(PodInfo.of(second), cluster(node)));
  }

  @Test
  void spreadKeepsTheSkew() {
    Tree spread = pod("s", "1", 0);
    spread
        .childList("spec", "topologySpreadConstraints")
        .add(
            Tree.of(
                "topologyKey",
                "host",
                "maxSkew",
                1,
                "whenUnsatisfiable",
                "DoNotSchedule",
                "labelSelector",
                Tree.of("matchLabels", Tree.of("app", "s"))));
    NodeInfo one =
        NodeInfo.of(node("a", "8")).plus(PodInfo.of(spread.copy().set("s1", "metadata", "uid")));
    NodeInfo two = NodeInfo.of(node("b", "2"));
    assertEquals("b", chosen(spread, cluster(one, two)));
  }

  @Test
  void aPodThatIsBeingDeletedStillTakesItsPlace() {
    Tree leaving = pod("x", "2", 0).set("2026-01-01T00:00:00Z", "metadata", "deletionTimestamp");
    NodeInfo full = NodeInfo.of(node("a", "2")).plus(PodInfo.of(leaving));
    assertInstanceOf(
        SchedulingCycle.NoneFits.class, cycle.run(PodInfo.of(pod("p", "1", 0)), cluster(full)));
  }

  @Test
  void largeClustersAreSampled() {
    assertEquals(99, SchedulingCycle.enough(99));
    assertEquals(100, SchedulingCycle.enough(150));
    assertEquals(420, SchedulingCycle.enough(1000));
    assertEquals(500, SchedulingCycle.enough(5000));
  }
}
