package io.bulwark.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@WithCluster(nodes = 2)
class WithClusterTest {
  @Test
  void objectsComeBackAsTheyWereWritten(KubernetesClient client) {
    client
        .configMaps()
        .inNamespace("default")
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .endMetadata()
                .addToData("colour", "green")
                .build())
        .create();
    assertEquals(
        Map.of("colour", "green"),
        client.configMaps().inNamespace("default").withName("settings").get().getData());
  }

  @Test
  void aDeploymentBecomesReadyOnSimulatedNodes(KubernetesClient client) {
    Deployment deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName("web")
            .endMetadata()
            .withNewSpec()
            .withReplicas(3)
            .withNewSelector()
            .addToMatchLabels("app", "web")
            .endSelector()
            .withNewTemplate()
            .withNewMetadata()
            .addToLabels("app", "web")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("web")
            .withImage("example.org/web:1")
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    client.apps().deployments().inNamespace("default").resource(deployment).create();
    Deployment ready =
        client
            .apps()
            .deployments()
            .inNamespace("default")
            .withName("web")
            .waitUntilCondition(
                d ->
                    d != null
                        && d.getStatus() != null
                        && Integer.valueOf(3).equals(d.getStatus().getReadyReplicas()),
                60,
                TimeUnit.SECONDS);
    assertNotNull(ready);
    assertEquals(2, client.nodes().list().getItems().size());
  }
}
