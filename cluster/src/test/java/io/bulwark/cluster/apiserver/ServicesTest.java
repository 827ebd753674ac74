package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServicesTest {
  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String MERGE = "application/merge-patch+json";

  private TestApi api;

  @BeforeEach
  void start() throws Exception {
    api = TestApi.started();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static Tree service(String name, String type) {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        Tree.of("name", name),
        "spec",
        Tree.of(
            "type", type,
            "selector", Tree.of("app", name),
            "ports", TreeList.of(Tree.of("port", 80))));
  }

  private Tree make(Tree service) {
    var made = api.send("POST", SERVICES, service);
    assertEquals(201, made.status(), made.text());
    return made.tree();
  }

  @Test
  void theApiHasTheFirstAddress() {
    Tree kubernetes = api.send("GET", SERVICES + "/kubernetes").tree();
    assertEquals("10.96.0.1", kubernetes.text("spec", "clusterIP"));
    assertEquals(
        "192.0.2.1",
        api.send("GET", "/api/v1/namespaces/default/endpoints/kubernetes")
            .tree()
            .trees("subsets")
            .getFirst()
            .trees("addresses")
            .getFirst()
            .text("ip"));
  }

  @Test
  void automaticAddressesAreFromTheUpperBand() {
    Tree spec = make(service("a", "ClusterIP")).treeOrEmpty("spec");
    String[] parts = spec.textOrEmpty("clusterIP").split("\\.");
    assertTrue(Integer.parseInt(parts[2]) >= 1, spec.toString());
    assertEquals(TreeList.of(spec.text("clusterIP")), spec.list("clusterIPs"));
    assertEquals("SingleStack", spec.text("ipFamilyPolicy"));
    assertEquals(TreeList.of("IPv4"), spec.list("ipFamilies"));
  }

  @Test
  void takenAndForeignAddressesAreRefused() {
    var taken =
        api.send("POST", SERVICES, service("a", "ClusterIP").set("10.96.0.1", "spec", "clusterIP"));
    assertEquals(422, taken.status());
    assertTrue(
        taken
            .message()
            .contains("failed to allocate IP 10.96.0.1: provided IP is already allocated"),
        taken.message());
    var foreign =
        api.send("POST", SERVICES, service("a", "ClusterIP").set("10.1.0.1", "spec", "clusterIP"));
    assertEquals(422, foreign.status());
    assertTrue(
        foreign.message().contains("the provided network does not match the current range"),
        foreign.message());
    assertEquals(404, api.send("GET", SERVICES + "/a").status());
  }

  @Test
  void anAddressDoesNotChange() {
    make(service("a", "ClusterIP"));
    for (String patch :
        List.of(
            "{\"spec\":{\"clusterIP\":\"10.96.0.77\"}}",
            "{\"spec\":{\"clusterIP\":\"10.96.0.77\",\"clusterIPs\":[\"10.96.0.77\"]}}")) {
      var answer =
          api.send("PATCH", SERVICES + "/a", "application/strategic-merge-patch+json", patch);
      assertEquals(
          "Service \"a\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.96.0.77\"]: may not"
              + " change once set",
          answer.message());
    }
  }

  @Test
  void aDeletedAddressCanBeAskedForAgain() {
    Tree wanted = service("a", "ClusterIP").set("10.96.0.77", "spec", "clusterIP");
    make(wanted);
    assertEquals(
        422, api.send("POST", SERVICES, wanted.copy().set("b", "metadata", "name")).status());
    assertEquals(200, api.send("DELETE", SERVICES + "/a").status());
    make(wanted);
  }

  @Test
  void concurrentServicesNeverShareAnAddress() throws Exception {
    Set<String> addresses = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var made =
          java.util.stream.IntStream.range(0, 40)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> api.send("POST", SERVICES, service("s" + i, "NodePort"))))
              .toList();
      for (var one : made) {
        Tree spec = one.get().tree().treeOrEmpty("spec");
        assertTrue(addresses.add(spec.textOrEmpty("clusterIP")));
        assertTrue(addresses.add("" + spec.trees("ports").getFirst().number(0, "nodePort")));
      }
    }
    assertEquals(80, addresses.size());
  }

  @Test
  void nodePortsStayAcrossUpdatesThatLeaveThemOut() {
    Tree made = make(service("a", "NodePort"));
    long port = made.trees("spec", "ports").getFirst().number(0, "nodePort");
    assertTrue(port >= 30_086 && port <= 32_767, "" + port);
    Tree put = service("a", "NodePort");
    put.set(made.text("metadata", "resourceVersion"), "metadata", "resourceVersion");
    var updated = api.send("PUT", SERVICES + "/a", put);
    assertEquals(200, updated.status(), updated.text());
    assertEquals(port, updated.tree().trees("spec", "ports").getFirst().number(0, "nodePort"));
    assertEquals(made.text("spec", "clusterIP"), updated.tree().text("spec", "clusterIP"));
  }

  @Test
  void portsOutsideTheRangeOrTakenAreRefused() {
    Tree wanted = service("a", "NodePort");
    wanted.trees("spec", "ports").getFirst().put("nodePort", 80);
    var outside = api.send("POST", SERVICES, wanted);
    assertEquals(422, outside.status());
    assertTrue(
        outside
            .message()
            .contains(
                "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range."
                    + " The range of valid ports is 30000-32767"),
        outside.message());
    wanted.trees("spec", "ports").getFirst().put("nodePort", 30_001);
    make(wanted);
    var taken = api.send("POST", SERVICES, wanted.copy().set("b", "metadata", "name"));
    assertTrue(taken.message().contains("provided port is already allocated"), taken.message());
  }

  @Test
  void externalNamesGiveTheirAddressBack() {
    Tree made = make(service("a", "NodePort"));
    var external =
        api.send(
            "PATCH",
            SERVICES + "/a",
            MERGE,
            "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"example.com\"}}");
    assertEquals(200, external.status(), external.text());
    assertFalse(external.tree().has("spec", "clusterIP"), external.text());
    assertFalse(external.tree().trees("spec", "ports").getFirst().has("nodePort"), external.text());
    Tree again = service("b", "ClusterIP");
    again.set(made.text("spec", "clusterIP"), "spec", "clusterIP");
    make(again);
    var back =
        api.send(
            "PATCH",
            SERVICES + "/a",
            MERGE,
            "{\"spec\":{\"type\":\"ClusterIP\",\"externalName\":null}}");
    assertEquals(200, back.status(), back.text());
    assertNotEquals("", back.tree().textOrEmpty("spec", "clusterIP"));
  }

  @Test
  void headlessServicesHaveNoAddress() {
    Tree made = make(service("a", "ClusterIP").set("None", "spec", "clusterIP"));
    assertEquals(TreeList.of("None"), made.list("spec", "clusterIPs"));
  }
}
