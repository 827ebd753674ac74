package io.bulwark.cluster.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Query;
import io.bulwark.cluster.LiveCluster;
import io.bulwark.cluster.controller.loop.Conditions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(1);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static Tree create(Tree pod) {
    return cluster.client().create(Resources.PODS, Meta.namespace(pod), pod);
  }

  @Test
  void placesAPodAndSaysSo() {
    String ns = cluster.namespace("place");
    create(LiveCluster.pod(ns, "web", LiveCluster.podSpec("web:1")));
    Tree placed =
        cluster.await(
            Resources.PODS, ns, "web", p -> p.textOrEmpty("status", "phase").equals("Running"));
    assertEquals("node-1", placed.text("spec", "nodeName"));
    assertEquals("True", Conditions.status(placed, "PodScheduled"));
    LiveCluster.await(
        "event",
        () ->
            cluster.list(Resources.EVENTS, ns).stream()
                .anyMatch(
                    e ->
                        Meta.name(e).startsWith("web.")
                            && "Scheduled".equals(e.text("reason"))
                            && ("Successfully assigned " + ns + "/web to node-1")
                                .equals(e.text("message"))));
  }

  @Test
  void aPodThatFitsNowhereSaysWhyAndGoesOnceItFits() {
    String ns = cluster.namespace("wait");
    Tree spec = LiveCluster.podSpec("web:1");
    spec.set("gold", "nodeSelector", "tier");
    create(LiveCluster.pod(ns, "choosy", spec));
    Tree waiting =
        cluster.await(
            Resources.PODS,
            ns,
            "choosy",
            p -> Conditions.status(p, "PodScheduled").equals("False"));
    Tree condition = Conditions.find(waiting, "PodScheduled");
    assertEquals("Unschedulable", condition == null ? "" : condition.text("reason"));
    LiveCluster.await(
        "event",
        () ->
            cluster.event(
                ns,
                "choosy",
                "FailedScheduling",
                "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
                    + " no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for"
                    + " scheduling."));
    cluster.change(Resources.NODES, "", "node-1", n -> n.set("gold", "metadata", "labels", "tier"));
    cluster.await(
        Resources.PODS, ns, "choosy", p -> p.textOrEmpty("status", "phase").equals("Running"));
  }

  @Test
  void gatedPodsWaitForTheirGates() {
    String ns = cluster.namespace("gates");
    Tree spec = LiveCluster.podSpec("web:1");
    spec.childList("schedulingGates").add(Tree.of("name", "example.com/quota"));
    create(LiveCluster.pod(ns, "gated", spec));
    Tree gated =
        cluster.await(
            Resources.PODS, ns, "gated", p -> Conditions.status(p, "PodScheduled").equals("False"));
    Tree condition = Conditions.find(gated, "PodScheduled");
    assertEquals("SchedulingGated", condition == null ? "" : condition.text("reason"));
    cluster.change(
        Resources.PODS, ns, "gated", p -> p.set(new TreeList(), "spec", "schedulingGates"));
    cluster.await(
        Resources.PODS, ns, "gated", p -> p.textOrEmpty("status", "phase").equals("Running"));
  }

  @Test
  void importantPodsPushLesserOnesAside() {
    String ns = cluster.namespace("kube-important");
    Tree node = cluster.list(Resources.NODES, "").getFirst();
    String name = node.textOrEmpty("metadata", "name");
    Tree room = Tree.of("requests", Tree.of("memory", "64Mi", "example.com/seat", "1"));
    cluster
        .client()
        .patch(
            Resources.NODES,
            null,
            name,
            "status",
            io.bulwark.client.PatchType.MERGE,
            Tree.of(
                "status",
                Tree.of(
                    "capacity", Tree.of("example.com/seat", "1"),
                    "allocatable", Tree.of("example.com/seat", "1"))),
            Query.none());
    room.put("limits", Tree.of("example.com/seat", "1"));
    Tree plain = LiveCluster.podSpec("web:1");
    plain.trees("containers").getFirst().put("resources", room);
    plain.put("terminationGracePeriodSeconds", 1);
    create(LiveCluster.pod(ns, "plain", plain));
    cluster.await(
        Resources.PODS, ns, "plain", p -> p.textOrEmpty("status", "phase").equals("Running"));
    Tree important = plain.copy();
    important.put("priorityClassName", "system-cluster-critical");
    create(LiveCluster.pod(ns, "important", important));
    cluster.await(
        Resources.PODS, ns, "important", p -> p.textOrEmpty("status", "phase").equals("Running"));
    LiveCluster.await(
        "the lesser pod is gone", () -> cluster.client().find(Resources.PODS, ns, "plain") == null);
    assertTrue(cluster.event(ns, "plain", "Preempted", "Preempted by pod "));
  }

  @Test
  void servicesGetEndpointsAndSlices() {
    String ns = cluster.namespace("endpoints");
    cluster
        .client()
        .create(
            Resources.SERVICES,
            ns,
            Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                Tree.of("name", "web", "namespace", ns),
                "spec",
                Tree.of(
                    "selector", Tree.of("app", "web"),
                    "ports", TreeList.of(Tree.of("port", 80, "targetPort", 8080)))));
    create(LiveCluster.pod(ns, "web", LiveCluster.podSpec("web:1")));
    Tree endpoints =
        cluster.await(
            Resources.ENDPOINTS,
            ns,
            "web",
            e ->
                e.trees("subsets").stream()
                    .anyMatch(subset -> !subset.list("addresses").isEmpty()));
    Tree subset = endpoints.trees("subsets").getFirst();
    assertEquals(8080, subset.trees("ports").getFirst().number(0, "port"));
    assertEquals("web", subset.trees("addresses").getFirst().text("targetRef", "name"));
    LiveCluster.await(
        "ready slice", () -> slices(ns, "web").stream().anyMatch(SchedulerTest::ready));
    Tree slice = slices(ns, "web").stream().filter(SchedulerTest::ready).findFirst().orElseThrow();
    assertEquals(
        "endpointslice-controller.k8s.io",
        Meta.label(slice, "endpointslice.kubernetes.io/managed-by"));
    assertEquals("node-1", slice.trees("endpoints").getFirst().text("nodeName"));
    cluster.client().delete(Resources.PODS, ns, "web", null);
    LiveCluster.await(
        "empty slice",
        () -> slices(ns, "web").stream().allMatch(s -> s.list("endpoints").isEmpty()));
    cluster.client().delete(Resources.SERVICES, ns, "web", null);
    LiveCluster.await(
        "nothing left",
        () ->
            slices(ns, "web").isEmpty()
                && cluster.client().find(Resources.ENDPOINTS, ns, "web") == null);
  }

  @Test
  void endpointsOfSelectorlessServicesAreMirrored() {
    String ns = cluster.namespace("mirror");
    cluster
        .client()
        .create(
            Resources.SERVICES,
            ns,
            Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                Tree.of("name", "db", "namespace", ns),
                "spec",
                Tree.of("ports", TreeList.of(Tree.of("port", 5432)))));
    cluster
        .client()
        .create(
            Resources.ENDPOINTS,
            ns,
            Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Endpoints",
                "metadata",
                Tree.of("name", "db", "namespace", ns),
                "subsets",
                TreeList.of(
                    Tree.of(
                        "addresses", TreeList.of(Tree.of("ip", "192.0.2.7")),
                        "ports", TreeList.of(Tree.of("port", 5432))))));
    LiveCluster.await("mirror", () -> slices(ns, "db").stream().anyMatch(SchedulerTest::ready));
    assertTrue(
        slices(ns, "db")
            .getFirst()
            .trees("endpoints")
            .getFirst()
            .texts("addresses")
            .contains("192.0.2.7"));
    cluster.client().delete(Resources.ENDPOINTS, ns, "db", null);
    LiveCluster.await("mirror to go", () -> slices(ns, "db").isEmpty());
  }

  private static List<Tree> slices(String ns, String service) {
    return cluster
        .client()
        .list(Resources.ENDPOINT_SLICES, ns, Query.labels("kubernetes.io/service-name=" + service))
        .trees("items");
  }

  private static boolean ready(Tree slice) {
    return slice.trees("endpoints").stream().anyMatch(e -> e.flag("conditions", "ready"));
  }
}
