package io.bulwark.cluster.controller.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.LiveCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Quotas, limit ranges and the classes of pods, on a whole control plane. */
class QuotaTest {
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(1);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static void quota(String namespace, String name, Tree spec) {
    Tree quota =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "ResourceQuota",
            "metadata",
            Tree.of("name", name),
            "spec",
            spec);
    cluster.client().create(Resources.RESOURCE_QUOTAS, namespace, quota);
    cluster.await(
        Resources.RESOURCE_QUOTAS,
        namespace,
        name,
        q -> q.treeOrEmpty("status", "hard").equals(q.treeOrEmpty("spec", "hard")));
  }

  private static void used(String namespace, String name, String resource, String amount) {
    cluster.await(
        Resources.RESOURCE_QUOTAS,
        namespace,
        name,
        q -> q.textOrEmpty("status", "used", resource).equals(amount));
  }

  private static Tree configMap(String name) {
    return Tree.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Tree.of("name", name));
  }

  @Test
  void whatIsSpentIsRefusedAndComesBackWhenItGoes() {
    String ns = cluster.namespace("spent");
    // Every namespace has kube-root-ca.crt.
    LiveCluster.await(
        "root CA",
        () -> cluster.client().find(Resources.CONFIG_MAPS, ns, "kube-root-ca.crt") != null);
    quota(ns, "few", Tree.of("hard", Tree.of("configmaps", "2", "count/deployments.apps", "1")));
    used(ns, "few", "configmaps", "1");
    cluster.client().create(Resources.CONFIG_MAPS, ns, configMap("a"));
    used(ns, "few", "configmaps", "2");
    ApiException refused =
        assertThrows(
            ApiException.class,
            () -> cluster.client().create(Resources.CONFIG_MAPS, ns, configMap("b")));
    assertEquals(403, refused.code());
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains(
                "exceeded quota: few, requested: configmaps=1, used: configmaps=2, limited:"
                    + " configmaps=2"),
        refused.getMessage());
    cluster.client().delete(Resources.CONFIG_MAPS, ns, "a", null);
    used(ns, "few", "configmaps", "1");
    cluster.client().create(Resources.CONFIG_MAPS, ns, configMap("b"));
    cluster
        .client()
        .create(Resources.DEPLOYMENTS, ns, LiveCluster.deployment(ns, "one", 0, "web:1"));
    used(ns, "few", "count/deployments.apps", "1");
    assertThrows(
        ApiException.class,
        () ->
            cluster
                .client()
                .create(Resources.DEPLOYMENTS, ns, LiveCluster.deployment(ns, "two", 0, "web:1")));
  }

  @Test
  void containersMustSayWhatIsBounded() {
    String ns = cluster.namespace("say");
    quota(ns, "compute", Tree.of("hard", Tree.of("requests.cpu", "1", "pods", "5")));
    Tree pod = LiveCluster.pod(ns, "silent", LiveCluster.podSpec("web:1"));
    ApiException refused =
        assertThrows(ApiException.class, () -> cluster.client().create(Resources.PODS, ns, pod));
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains("failed quota: compute: must specify requests.cpu for: main"),
        refused.getMessage());
    Tree asking = LiveCluster.pod(ns, "asking", LiveCluster.podSpec("web:1"));
    asking
        .trees("spec", "containers")
        .getFirst()
        .set(Tree.of("cpu", "600m"), "resources", "requests");
    cluster.client().create(Resources.PODS, ns, asking);
    used(ns, "compute", "requests.cpu", "600m");
    used(ns, "compute", "pods", "1");
  }

  @Test
  void aScopeCountsThePodsOfItsKindOnly() {
    String ns = cluster.namespace("scoped");
    Tree best = Tree.of("hard", Tree.of("pods", "5"), "scopes", TreeList.of("BestEffort"));
    quota(ns, "best", best);
    Tree not = Tree.of("hard", Tree.of("pods", "5"), "scopes", TreeList.of("NotBestEffort"));
    quota(ns, "not", not);
    cluster
        .client()
        .create(Resources.PODS, ns, LiveCluster.pod(ns, "b", LiveCluster.podSpec("web:1")));
    used(ns, "best", "pods", "1");
    used(ns, "not", "pods", "0");
  }

  @Test
  void aLimitRangeFillsInAndRefuses() {
    String ns = cluster.namespace("ranged");
    Tree limit =
        Tree.of(
            "type", "Container",
            "max", Tree.of("cpu", "500m"),
            "min", Tree.of("cpu", "50m"),
            "defaultRequest", Tree.of("cpu", "100m"));
    cluster
        .client()
        .create(
            Resources.LIMIT_RANGES,
            ns,
            Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "LimitRange",
                "metadata",
                Tree.of("name", "bounds"),
                "spec",
                Tree.of("limits", TreeList.of(limit))));
    Tree filled =
        cluster
            .client()
            .create(Resources.PODS, ns, LiveCluster.pod(ns, "f", LiveCluster.podSpec("web:1")));
    Tree resources = filled.trees("spec", "containers").getFirst().treeOrEmpty("resources");
    assertEquals("100m", resources.text("requests", "cpu"));
    assertEquals("500m", resources.text("limits", "cpu"));
    assertEquals(
        "LimitRanger plugin set: cpu request for container main; cpu limit for container main",
        Meta.annotation(filled, "kubernetes.io/limit-ranger"));
    Tree greedy = LiveCluster.pod(ns, "greedy", LiveCluster.podSpec("web:1"));
    greedy.trees("spec", "containers").getFirst().set(Tree.of("cpu", "1"), "resources", "limits");
    ApiException refused =
        assertThrows(ApiException.class, () -> cluster.client().create(Resources.PODS, ns, greedy));
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains("maximum cpu usage per Container is 500m, but limit is 1"),
        refused.getMessage());
  }

  @Test
  void podsGetWhatTheirClassesSay() {
    String ns = cluster.namespace("classes");
    cluster
        .client()
        .create(
            Resources.PRIORITY_CLASSES,
            null,
            Tree.of(
                "apiVersion", "scheduling.k8s.io/v1",
                "kind", "PriorityClass",
                "metadata", Tree.of("name", "urgent"),
                "value", 1000L,
                "preemptionPolicy", "Never"));
    cluster
        .client()
        .create(
            Resources.RUNTIME_CLASSES,
            null,
            Tree.of(
                "apiVersion",
                "node.k8s.io/v1",
                "kind",
                "RuntimeClass",
                "metadata",
                Tree.of("name", "heavy"),
                "handler",
                "heavy",
                "overhead",
                Tree.of("podFixed", Tree.of("cpu", "10m")),
                "scheduling",
                Tree.of("nodeSelector", Tree.of("heavy", "yes"))));
    Tree wanted = LiveCluster.pod(ns, "p", LiveCluster.podSpec("web:1"));
    wanted.set("urgent", "spec", "priorityClassName");
    wanted.set("heavy", "spec", "runtimeClassName");
    Tree spec = cluster.client().create(Resources.PODS, ns, wanted).treeOrEmpty("spec");
    assertEquals(1000, spec.number(0, "priority"));
    assertEquals("Never", spec.text("preemptionPolicy"));
    assertEquals("10m", spec.text("overhead", "cpu"));
    assertEquals("yes", spec.text("nodeSelector", "heavy"));
    Tree unknown = LiveCluster.pod(ns, "q", LiveCluster.podSpec("web:1"));
    unknown.set("absent", "spec", "runtimeClassName");
    ApiException refused =
        assertThrows(
            ApiException.class, () -> cluster.client().create(Resources.PODS, ns, unknown));
    assertEquals(403, refused.code());
  }
}
