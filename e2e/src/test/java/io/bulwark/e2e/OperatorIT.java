package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.junit.WithCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** An operator as JVM developers write it, against a cluster in the test's own JVM. */
@WithCluster(nodes = 2)
class OperatorIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private KubernetesClient client;
  private String namespace;
  private SiteOperator operator;

  @BeforeEach
  void start(KubernetesClient given, TestInfo test) {
    client = given;
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    operator = new SiteOperator(client, namespace);
    operator.start();
  }

  @AfterEach
  void stop() {
    operator.close();
  }

  @Test
  void aSiteGetsADeploymentThatItsOwnerScalesAndTakesAlong() {
    ConfigMap site = site("blog", "2");
    ready("blog", 2);
    client
        .configMaps()
        .resource(site)
        .edit(found -> new ConfigMapBuilder(found).addToData("replicas", "3").build());
    ready("blog", 3);
    client.configMaps().resource(site).delete();
    Eventually.within(
        LIMIT,
        () -> {
          assertNull(deployment("blog"));
          assertEquals(0, client.pods().inNamespace(namespace).list().getItems().size());
        });
  }

  @Test
  void theOperatorPutsBackWhatAnotherChangedAndLeavesWhatIsNotItsOwn() {
    site("shop", "1");
    ready("shop", 1);
    client
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName("shop")
        .edit(
            found -> {
              found.getSpec().setReplicas(0);
              found.getMetadata().setAnnotations(Map.of("example.org/note", "by hand"));
              return found;
            });
    ready("shop", 1);
    assertEquals(
        "by hand", deployment("shop").getMetadata().getAnnotations().get("example.org/note"));
  }

  @Test
  void anApplyThatTakesAFieldFromTheOperatorIsAConflictThatNamesBoth() {
    site("wiki", "2");
    ready("wiki", 2);
    Deployment mine = SiteOperator.wanted(site("wiki-other", "5"));
    mine.getMetadata().setName("wiki");
    KubernetesClientException refused =
        assertThrows(
            KubernetesClientException.class,
            () ->
                client.apps().deployments().resource(mine).fieldManager("rival").serverSideApply());
    assertEquals(409, refused.getCode());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("conflict with \"site-operator\""), message);
    assertTrue(message.contains(".spec.replicas"), message);
  }

  private ConfigMap site(String name, String replicas) {
    return client
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(SiteOperator.SITES)
                .endMetadata()
                .addToData("replicas", replicas)
                .build())
        .create();
  }

  private Deployment deployment(String name) {
    return client.apps().deployments().inNamespace(namespace).withName(name).get();
  }

  private void ready(String name, int replicas) {
    assertNotNull(
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(name)
            .waitUntilCondition(
                found ->
                    found != null
                        && found.getSpec().getReplicas() == replicas
                        && found.getStatus() != null
                        && Integer.valueOf(replicas).equals(found.getStatus().getReadyReplicas()),
                LIMIT.toSeconds(),
                TimeUnit.SECONDS));
  }
}
