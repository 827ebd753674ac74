package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.LiveCluster;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Scale of a workload: who owns the replicas is told in its terms. */
class ScaleTest {
  private static final String WEB = "/apis/apps/v1/namespaces/default/deployments/web";
  private static final String SCALE =
      "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"metadata\":{\"name\":\"web\","
          + "\"namespace\":\"default\"},\"spec\":{\"replicas\":3}}";

  private TestApi api;

  @BeforeEach
  void start() throws Exception {
    api = TestApi.started();
    Tree web = LiveCluster.deployment("default", "web", 1, "web:1");
    var made =
        api.send("POST", "/apis/apps/v1/namespaces/default/deployments?fieldManager=maker", web);
    assertEquals(201, made.status(), made.text());
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private TestApi.Answer apply(String options) {
    return api.send("PATCH", WEB + "/scale?" + options, "application/apply-patch+yaml", SCALE);
  }

  @Test
  void anApplyMeetsTheOwnerOfTheReplicas() {
    var conflict = apply("fieldManager=scaler");
    assertEquals(409, conflict.status(), conflict.text());
    assertEquals(
        "Apply failed with 1 conflict: conflict with \"maker\" using autoscaling/v1:"
            + " .spec.replicas",
        conflict.message());
    Tree scale = apply("fieldManager=scaler&force=true").tree();
    assertEquals("Scale", scale.text("kind"));
    assertEquals(3, scale.number(0, "spec", "replicas"));
    Tree web = api.send("GET", WEB).tree();
    assertEquals(3, web.number(0, "spec", "replicas"));
    List<Tree> owners = web.trees("metadata", "managedFields");
    assertEquals(2, owners.size(), owners.toString());
    Tree scaler =
        owners.stream().filter(o -> "scaler".equals(o.text("manager"))).findFirst().orElseThrow();
    assertEquals("apps/v1", scaler.text("apiVersion"));
    assertEquals("Apply", scaler.text("operation"));
    assertEquals("scale", scaler.text("subresource"));
    assertTrue(scaler.has("fieldsV1", "f:spec", "f:replicas"), scaler.toString());
    Tree maker =
        owners.stream().filter(o -> "maker".equals(o.text("manager"))).findFirst().orElseThrow();
    assertEquals(null, maker.at("fieldsV1", "f:spec", "f:replicas"));
    assertTrue(maker.has("fieldsV1", "f:spec", "f:template"), maker.toString());
  }

  @Test
  void applyingAgainChangesNothing() {
    apply("fieldManager=scaler&force=true");
    long before = api.store().revision();
    assertEquals(200, apply("fieldManager=scaler").status());
    assertEquals(before, api.store().revision());
  }

  @Test
  void theTableIsThatOfAScale() {
    Tree table =
        api.send(
                "GET",
                WEB + "/scale",
                "",
                new byte[0],
                "application/json;as=Table;v=v1;g=meta.k8s.io")
            .tree();
    assertEquals(
        List.of("Name", "Desired", "Available", "Age"),
        table.trees("columnDefinitions").stream().map(c -> c.text("name")).toList());
    List<Object> cells = table.trees("rows").getFirst().list("cells");
    assertEquals(List.of("web", 1L, 0L), cells.subList(0, 3));
  }
}
