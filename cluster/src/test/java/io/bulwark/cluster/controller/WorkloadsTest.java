package io.bulwark.cluster.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.cluster.LiveCluster;
import io.bulwark.cluster.controller.loop.Conditions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(2);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static void deploy(String namespace, String name, int replicas, String image) {
    cluster
        .client()
        .create(
            Resources.DEPLOYMENTS,
            namespace,
            LiveCluster.deployment(namespace, name, replicas, image));
  }

  private static boolean complete(Tree deployment, int replicas) {
    Tree progress = Conditions.find(deployment, "Progressing");
    return deployment.number(0, "status", "availableReplicas") == replicas
        && deployment.number(0, "status", "updatedReplicas") == replicas
        && deployment.number(0, "status", "replicas") == replicas
        && deployment.number(0, "status", "observedGeneration") == Meta.generation(deployment)
        && progress != null
        && "NewReplicaSetAvailable".equals(progress.text("reason"));
  }

  private static List<Tree> sets(String namespace) {
    return cluster.list(Resources.REPLICA_SETS, namespace);
  }

  @Test
  void rollsOutRollsOnAndBack() {
    String ns = cluster.namespace("roll");
    deploy(ns, "web", 3, "web:1");
    cluster.await(Resources.DEPLOYMENTS, ns, "web", d -> complete(d, 3));
    assertEquals(3, cluster.list(Resources.PODS, ns).size());
    Tree first = sets(ns).getFirst();
    assertEquals("1", Meta.annotation(first, "deployment.kubernetes.io/revision"));
    assertNotNull(Meta.label(first, "pod-template-hash"));

    cluster.change(Resources.DEPLOYMENTS, ns, "web", d -> image(d, "web:2"));
    Tree rolled =
        cluster.await(
            Resources.DEPLOYMENTS, ns, "web", d -> complete(d, 3) && "2".equals(revision(d)));
    assertEquals("True", Conditions.status(rolled, "Available"));
    assertEquals(2, sets(ns).size());

    cluster.change(Resources.DEPLOYMENTS, ns, "web", d -> image(d, "web:1"));
    cluster.await(Resources.DEPLOYMENTS, ns, "web", d -> complete(d, 3) && "3".equals(revision(d)));
    Tree reused = cluster.client().get(Resources.REPLICA_SETS, ns, Meta.name(first));
    assertEquals(3, reused.number(0, "spec", "replicas"));
    assertEquals("1", Meta.annotation(reused, "deployment.kubernetes.io/revision-history"));
    LiveCluster.await(
        "scaling events",
        () ->
            cluster.event(
                ns,
                "web",
                "ScalingReplicaSet",
                "Scaled up replica set " + Meta.name(first) + " from 0 to 3"));
  }

  private static String revision(Tree deployment) {
    return String.valueOf(Meta.annotation(deployment, "deployment.kubernetes.io/revision"));
  }

  private static void image(Tree deployment, String image) {
    deployment
        .treeOrEmpty("spec", "template", "spec")
        .trees("containers")
        .getFirst()
        .put("image", image);
  }

  @Test
  void replacesALostPodAndShrinks() {
    String ns = cluster.namespace("heal");
    deploy(ns, "app", 2, "app:1");
    cluster.await(Resources.DEPLOYMENTS, ns, "app", d -> complete(d, 2));
    Tree lost = cluster.list(Resources.PODS, ns).getFirst();
    cluster.client().delete(Resources.PODS, ns, Meta.name(lost), null);
    LiveCluster.await(
        "a new pod",
        () ->
            cluster.list(Resources.PODS, ns).stream()
                    .filter(pod -> !Meta.uid(pod).equals(Meta.uid(lost)))
                    .count()
                == 2);
    cluster.change(Resources.DEPLOYMENTS, ns, "app", d -> d.set(0, "spec", "replicas"));
    LiveCluster.await("no pods", () -> cluster.list(Resources.PODS, ns).isEmpty());
  }

  @Test
  void recreateNeverRunsOldAndNewTogether() {
    String ns = cluster.namespace("recreate");
    Tree deployment = LiveCluster.deployment(ns, "db", 2, "db:1");
    deployment.set("Recreate", "spec", "strategy", "type");
    cluster.client().create(Resources.DEPLOYMENTS, ns, deployment);
    cluster.await(Resources.DEPLOYMENTS, ns, "db", d -> complete(d, 2));
    cluster.change(Resources.DEPLOYMENTS, ns, "db", d -> image(d, "db:2"));
    cluster.await(Resources.DEPLOYMENTS, ns, "db", d -> complete(d, 2) && "2".equals(revision(d)));
    for (Tree pod : cluster.list(Resources.PODS, ns)) {
      assertEquals("db:2", pod.treeOrEmpty("spec").trees("containers").getFirst().text("image"));
    }
  }

  @Test
  void adoptsMatchingOrphansAndReleasesWhatNoLongerMatches() {
    String ns = cluster.namespace("adopt");
    cluster
        .client()
        .create(Resources.PODS, ns, LiveCluster.pod(ns, "own", LiveCluster.podSpec("x:1")));
    Tree set =
        Tree.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "ReplicaSet",
            "metadata",
            Tree.of("name", "own", "namespace", ns),
            "spec",
            Tree.of(
                "replicas", 1,
                "selector", Tree.of("matchLabels", Tree.of("app", "own")),
                "template",
                    Tree.of(
                        "metadata", Tree.of("labels", Tree.of("app", "own")),
                        "spec", LiveCluster.podSpec("x:1"))));
    Tree made = cluster.client().create(Resources.REPLICA_SETS, ns, set);
    Tree adopted = cluster.await(Resources.PODS, ns, "own", pod -> Meta.controllerOf(pod) != null);
    assertEquals(Meta.uid(made), Meta.ownerReferences(adopted).getFirst().text("uid"));
    assertEquals(1, cluster.list(Resources.PODS, ns).size());

    cluster
        .client()
        .patch(
            Resources.PODS,
            ns,
            "own",
            null,
            PatchType.MERGE,
            Tree.of("metadata", Tree.of("labels", Tree.of("app", "other"))),
            Query.none());
    cluster.await(Resources.PODS, ns, "own", pod -> Meta.controllerOf(pod) == null);
    LiveCluster.await("a replacement", () -> cluster.list(Resources.PODS, ns).size() == 2);
  }

  @Test
  void theStatusKeepsForeignConditions() {
    String ns = cluster.namespace("foreign");
    deploy(ns, "app", 1, "app:1");
    cluster.await(Resources.DEPLOYMENTS, ns, "app", d -> complete(d, 1));
    LiveCluster.await(
        "foreign condition",
        () -> {
          Tree live = cluster.client().get(Resources.DEPLOYMENTS, ns, "app").copy();
          live.childList("status", "conditions")
              .add(Tree.of("type", "StatusUpdate", "status", "True", "reason", "E2E"));
          try {
            cluster.client().updateStatus(Resources.DEPLOYMENTS, live);
            return true;
          } catch (io.bulwark.client.ApiException refused) {
            return false;
          }
        });
    cluster.change(Resources.DEPLOYMENTS, ns, "app", d -> d.set(2, "spec", "replicas"));
    Tree scaled = cluster.await(Resources.DEPLOYMENTS, ns, "app", d -> complete(d, 2));
    assertEquals("True", Conditions.status(scaled, "StatusUpdate"));
  }

  @Test
  void deletionCascadesInTheBackgroundTheForegroundOrNotAtAll() {
    String ns = cluster.namespace("cascade");
    for (String policy : List.of("Background", "Foreground", "Orphan")) {
      String name = "app-" + policy.toLowerCase(java.util.Locale.ROOT);
      deploy(ns, name, 1, "app:1");
      cluster.await(Resources.DEPLOYMENTS, ns, name, d -> complete(d, 1));
      cluster
          .client()
          .delete(
              Resources.DEPLOYMENTS,
              ns,
              name,
              Tree.of("apiVersion", "v1", "kind", "DeleteOptions", "propagationPolicy", policy));
      LiveCluster.await(
          name + " to be gone",
          () -> cluster.client().find(Resources.DEPLOYMENTS, ns, name) == null);
      if (policy.equals("Orphan")) {
        Tree left =
            sets(ns).stream().filter(s -> Meta.name(s).startsWith(name)).findAny().orElseThrow();
        assertTrue(Meta.ownerReferences(left).isEmpty());
      } else {
        LiveCluster.await(
            "dependents of " + name + " to be gone",
            () ->
                sets(ns).stream().noneMatch(s -> Meta.name(s).startsWith(name))
                    && cluster.list(Resources.PODS, ns).stream()
                        .noneMatch(p -> Meta.name(p).startsWith(name)));
      }
    }
  }

  @Test
  void anObjectWhoseOwnerNeverExistedIsCollected() {
    String ns = cluster.namespace("dangling");
    cluster
        .client()
        .create(
            Resources.CONFIG_MAPS,
            ns,
            Tree.of(
                "apiVersion", "v1",
                "kind", "ConfigMap",
                "metadata",
                    Tree.of(
                        "name",
                        "lost",
                        "namespace",
                        ns,
                        "ownerReferences",
                        TreeList.of(
                            Tree.of(
                                "apiVersion", "v1",
                                "kind", "ConfigMap",
                                "name", "never",
                                "uid", "11111111-2222-3333-4444-555555555555")))));
    LiveCluster.await(
        "collection", () -> cluster.client().find(Resources.CONFIG_MAPS, ns, "lost") == null);
  }

  @Test
  void aDeletedNamespaceIsEmptiedAndGoes() {
    String ns = cluster.namespace("doomed");
    deploy(ns, "app", 2, "app:1");
    cluster.await(Resources.DEPLOYMENTS, ns, "app", d -> complete(d, 2));
    cluster.client().delete(Resources.NAMESPACES, null, ns, null);
    LiveCluster.await(
        "namespace to be gone",
        () -> cluster.client().find(Resources.NAMESPACES, null, ns) == null);
    assertTrue(cluster.list(Resources.PODS, ns).isEmpty());
    assertTrue(cluster.list(Resources.CONFIG_MAPS, ns).isEmpty());
  }

  @Test
  void theRootCertificateComesBackAndIsMended() {
    String ns = cluster.namespace("trust");
    Tree map = cluster.await(Resources.CONFIG_MAPS, ns, "kube-root-ca.crt", m -> !m.isEmpty());
    String pem = map.textOrEmpty("data", "ca.crt");
    assertTrue(pem.startsWith("-----BEGIN CERTIFICATE-----"), pem);
    cluster.client().delete(Resources.CONFIG_MAPS, ns, "kube-root-ca.crt", null);
    Tree again =
        cluster.await(
            Resources.CONFIG_MAPS,
            ns,
            "kube-root-ca.crt",
            m -> !m.isEmpty() && !Meta.uid(m).equals(Meta.uid(map)));
    assertNotEquals(Meta.uid(map), Meta.uid(again));
    cluster.change(Resources.CONFIG_MAPS, ns, "kube-root-ca.crt", m -> m.set("", "data", "ca.crt"));
    cluster.await(
        Resources.CONFIG_MAPS, ns, "kube-root-ca.crt", m -> pem.equals(m.text("data", "ca.crt")));
  }

  @Test
  void nodesGetDistinctPodRanges() {
    Tree one = cluster.await(Resources.NODES, "", "node-1", n -> n.text("spec", "podCIDR") != null);
    Tree two = cluster.await(Resources.NODES, "", "node-2", n -> n.text("spec", "podCIDR") != null);
    assertNotEquals(one.text("spec", "podCIDR"), two.text("spec", "podCIDR"));
    assertEquals(List.of(one.textOrEmpty("spec", "podCIDR")), one.texts("spec", "podCIDRs"));
  }
}
