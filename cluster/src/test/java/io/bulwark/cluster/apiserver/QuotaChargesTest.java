package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What writes take of quotas, where no controller counts. */
class QuotaChargesTest {
  private static final String CORE = "/api/v1/namespaces/default/";
  private static final String PODS = CORE + "pods";
  private static final String QUOTA = CORE + "resourcequotas/few";

  private TestApi api;

  @BeforeEach
  void start() throws Exception {
    api = TestApi.started();
    Tree quota = named("ResourceQuota", "few").set(hard(), "spec");
    assertEquals(201, api.send("POST", CORE + "resourcequotas", quota).status());
    counted(hard().set("1", "used", "pods"));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static Tree named(String kind, String name) {
    return Tree.of("apiVersion", "v1", "kind", kind, "metadata", Tree.of("name", name));
  }

  private static Tree hard() {
    return Tree.of("hard", Tree.of("pods", "2"));
  }

  private static Tree pod(String name) {
    Tree container =
        Tree.of(
            "name", "main",
            "image", "web:1",
            "resources", Tree.of("limits", Tree.of("cpu", "2")));
    return named("Pod", name).set(TreeList.of(container), "spec", "containers");
  }

  private void counted(Tree status) {
    Tree quota = api.send("GET", QUOTA).tree().set(status, "status");
    assertEquals(200, api.send("PUT", QUOTA + "/status", quota).status());
  }

  private String used() {
    return api.send("GET", QUOTA).tree().textOrEmpty("status", "used", "pods");
  }

  private String version() {
    return api.send("GET", QUOTA).tree().textOrEmpty("metadata", "resourceVersion");
  }

  @Test
  void aWriteThatStoresNothingCostsNothing() {
    assertEquals(201, api.send("POST", PODS, pod("a")).status());
    assertEquals("2", used());
    counted(hard().set("1", "used", "pods"));
    assertEquals(409, api.send("POST", PODS, pod("a")).status());
    assertEquals("1", used());
    String before = version();
    assertEquals(201, api.send("POST", PODS + "?dryRun=All", pod("b")).status());
    assertEquals(before, version());
  }

  @Test
  void whatAdmissionRefusesIsNeverCharged() {
    Tree limit = Tree.of("type", "Container", "max", Tree.of("cpu", "1"));
    Tree range = named("LimitRange", "bounds").set(TreeList.of(limit), "spec", "limits");
    assertEquals(201, api.send("POST", CORE + "limitranges", range).status());
    String before = version();
    TestApi.Answer refused = api.send("POST", PODS, pod("a"));
    assertTrue(refused.message().contains("maximum cpu usage"), refused.text());
    assertEquals(before, version());
  }

  @Test
  void aQuotaThatIsNotCountedYetStopsNewPodsOnly() {
    assertEquals(201, api.send("POST", PODS, pod("a")).status());
    counted(hard());
    Tree running = api.send("GET", PODS + "/a").tree().set("Running", "status", "phase");
    assertEquals(200, api.send("PUT", PODS + "/a/status", running).status());
    Tree labelled = api.send("GET", PODS + "/a").tree().set("y", "metadata", "labels", "x");
    assertEquals(200, api.send("PUT", PODS + "/a", labelled).status());
    TestApi.Answer refused = api.send("POST", PODS, pod("b"));
    assertTrue(refused.message().contains("status unknown for quota: few"), refused.text());
  }
}
