package io.bulwark.cluster.controller.stateful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.LiveCluster;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** StatefulSets, DaemonSets and disruption budgets on a whole control plane. */
class SetsTest {
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(2);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static void make(Resource resource, String namespace, String name, Object... spec) {
    Tree set =
        Tree.of(
            "apiVersion", "apps/v1",
            "kind", resource.kind(),
            "metadata", Tree.of("name", name),
            "spec", Tree.of(spec));
    set.set(Tree.of("matchLabels", Tree.of("app", name)), "spec", "selector");
    set.set(Tree.of("app", name), "spec", "template", "metadata", "labels");
    set.set(LiveCluster.podSpec("web:1"), "spec", "template", "spec");
    cluster.client().create(resource, namespace, set);
  }

  private static List<String> names(String namespace) {
    return cluster.list(Resources.PODS, namespace).stream().map(Meta::name).sorted().toList();
  }

  private static void image(Tree set, String image) {
    set.trees("spec", "template", "spec", "containers").getFirst().put("image", image);
  }

  @Test
  void numberedPodsComeAndGoInOrderAndRoll() {
    String ns = cluster.namespace("numbered");
    make(Resources.STATEFUL_SETS, ns, "db", "replicas", 3L, "serviceName", "db");
    cluster.await(
        Resources.STATEFUL_SETS, ns, "db", s -> s.number(0, "status", "availableReplicas") == 3);
    assertEquals(List.of("db-0", "db-1", "db-2"), names(ns));
    Tree first = cluster.client().get(Resources.PODS, ns, "db-0");
    assertEquals("db-0", first.text("spec", "hostname"));
    assertEquals("db", first.text("spec", "subdomain"));
    assertEquals("0", Meta.label(first, "apps.kubernetes.io/pod-index"));
    cluster.change(Resources.STATEFUL_SETS, ns, "db", s -> image(s, "web:2"));
    Tree rolled =
        cluster.await(
            Resources.STATEFUL_SETS,
            ns,
            "db",
            s ->
                s.number(0, "status", "observedGeneration") == Meta.generation(s)
                    && s.number(0, "status", "updatedReplicas") == 3
                    && s.number(0, "status", "readyReplicas") == 3
                    && s.textOrEmpty("status", "currentRevision")
                        .equals(s.textOrEmpty("status", "updateRevision")));
    assertEquals(2, cluster.list(Resources.CONTROLLER_REVISIONS, ns).size(), rolled.toString());
    for (Tree pod : cluster.list(Resources.PODS, ns)) {
      assertEquals("web:2", pod.trees("spec", "containers").getFirst().text("image"));
    }
    cluster.change(Resources.STATEFUL_SETS, ns, "db", s -> s.set(1L, "spec", "replicas"));
    LiveCluster.await("one pod", () -> names(ns).equals(List.of("db-0")));
  }

  @Test
  void thePartitionHoldsBackTheFirst() {
    String ns = cluster.namespace("partition");
    make(Resources.STATEFUL_SETS, ns, "db", "replicas", 2L, "podManagementPolicy", "Parallel");
    cluster.await(
        Resources.STATEFUL_SETS, ns, "db", s -> s.number(0, "status", "readyReplicas") == 2);
    cluster.change(
        Resources.STATEFUL_SETS,
        ns,
        "db",
        s -> {
          s.set(1L, "spec", "updateStrategy", "rollingUpdate", "partition");
          image(s, "web:2");
        });
    cluster.await(
        Resources.STATEFUL_SETS,
        ns,
        "db",
        s ->
            s.number(0, "status", "updatedReplicas") == 1
                && s.number(0, "status", "currentReplicas") == 1
                && s.number(0, "status", "readyReplicas") == 2);
    Tree first = cluster.client().get(Resources.PODS, ns, "db-0");
    assertEquals("web:1", first.trees("spec", "containers").getFirst().text("image"));
  }

  @Test
  void everyNodeHasOneAndTheyRoll() {
    String ns = cluster.namespace("everywhere");
    make(Resources.DAEMON_SETS, ns, "agent");
    Tree ready =
        cluster.await(
            Resources.DAEMON_SETS, ns, "agent", s -> s.number(0, "status", "numberAvailable") == 2);
    assertEquals(2, ready.number(0, "status", "desiredNumberScheduled"));
    assertEquals(
        2,
        cluster.list(Resources.PODS, ns).stream()
            .map(pod -> pod.textOrEmpty("spec", "nodeName"))
            .distinct()
            .count());
    cluster.change(Resources.DAEMON_SETS, ns, "agent", s -> image(s, "web:2"));
    cluster.await(
        Resources.DAEMON_SETS,
        ns,
        "agent",
        s ->
            s.number(0, "status", "updatedNumberScheduled") == 2
                && s.number(0, "status", "numberAvailable") == 2
                && s.number(0, "status", "observedGeneration") == Meta.generation(s));
    assertEquals(2, cluster.list(Resources.CONTROLLER_REVISIONS, ns).size());
    cluster.change(
        Resources.DAEMON_SETS,
        ns,
        "agent",
        s -> s.set(Tree.of("none", "such"), "spec", "template", "spec", "nodeSelector"));
    LiveCluster.await("no pods", () -> names(ns).isEmpty());
  }

  @Test
  void aSetWaitsForItsPodsNameToBeFree() {
    String ns = cluster.namespace("taken");
    cluster
        .client()
        .create(Resources.PODS, ns, LiveCluster.pod(ns, "db-0", LiveCluster.podSpec("other:1")));
    make(Resources.STATEFUL_SETS, ns, "db", "replicas", 1L);
    cluster.await(
        Resources.STATEFUL_SETS, ns, "db", s -> s.number(0, "status", "observedGeneration") == 1);
    cluster.client().delete(Resources.PODS, ns, "db-0", null);
    cluster.await(
        Resources.STATEFUL_SETS, ns, "db", s -> s.number(0, "status", "readyReplicas") == 1);
  }

  @Test
  void theStatusIsWrittenThoughPodsAreRefused() {
    String ns = cluster.namespace("refused");
    Tree quota =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "ResourceQuota",
            "metadata",
            Tree.of("name", "none"),
            "spec",
            Tree.of("hard", Tree.of("pods", "0")));
    cluster.client().create(Resources.RESOURCE_QUOTAS, ns, quota);
    cluster.await(Resources.RESOURCE_QUOTAS, ns, "none", q -> q.has("status", "used", "pods"));
    for (Resource sets : List.of(Resources.STATEFUL_SETS, Resources.DAEMON_SETS)) {
      make(sets, ns, "web");
      cluster.await(sets, ns, "web", s -> s.number(0, "status", "observedGeneration") == 1);
    }
    assertEquals(List.of(), names(ns));
  }

  @Test
  void aBudgetStopsEvictions() {
    String ns = cluster.namespace("budget");
    Tree budget =
        Tree.of(
            "apiVersion",
            "policy/v1",
            "kind",
            "PodDisruptionBudget",
            "metadata",
            Tree.of("name", "keep"),
            "spec",
            Tree.of("minAvailable", 1L, "selector", Tree.of("matchLabels", Tree.of("app", "web"))));
    cluster.client().create(Resources.POD_DISRUPTION_BUDGETS, ns, budget);
    cluster
        .client()
        .create(Resources.DEPLOYMENTS, ns, LiveCluster.deployment(ns, "web", 1, "web:1"));
    cluster.await(
        Resources.POD_DISRUPTION_BUDGETS,
        ns,
        "keep",
        b -> b.number(0, "status", "currentHealthy") == 1);
    String pod = names(ns).getFirst();
    ApiException refused = assertThrows(ApiException.class, () -> evict(ns, pod));
    assertEquals(429, refused.code());
    assertEquals(
        "The disruption budget keep needs 1 healthy pods and has 1 currently",
        refused.status().trees("details", "causes").getFirst().text("message"));
    cluster.change(Resources.DEPLOYMENTS, ns, "web", d -> d.set(2L, "spec", "replicas"));
    cluster.await(
        Resources.POD_DISRUPTION_BUDGETS,
        ns,
        "keep",
        b -> b.number(0, "status", "disruptionsAllowed") == 1);
    evict(ns, pod);
    LiveCluster.await("eviction", () -> !names(ns).contains(pod));
  }

  private static void evict(String namespace, String pod) {
    cluster
        .client()
        .createSubresource(
            Resources.PODS,
            namespace,
            pod,
            "eviction",
            Tree.of(
                "apiVersion", "policy/v1",
                "kind", "Eviction",
                "metadata", Tree.of("name", pod, "namespace", namespace)));
  }
}
