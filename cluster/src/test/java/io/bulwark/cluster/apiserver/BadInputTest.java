package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a request, it gets upstream's status and leaves nothing behind. */
class BadInputTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";
  private static TestApi api;

  @BeforeAll
  static void start() throws Exception {
    api = TestApi.started();
    api.send("POST", MAPS, ObjectVerbsTest.map("there"));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  /** A request that must fail. */
  record Bad(
      String title, String method, String target, String type, String body, int code, String text) {
    @Override
    public String toString() {
      return title;
    }
  }

  private static Bad create(String title, String type, String body, int code, String text) {
    return new Bad(title, "POST", MAPS, type, body, code, text);
  }

  static Stream<Bad> bad() {
    String map = Json.text(ObjectVerbsTest.map("bad"));
    String strict = MAPS + "?fieldValidation=Strict";
    return Stream.of(
        create(
            "half a document",
            JSON,
            "{\"apiVersion\":\"v1\",",
            400,
            "couldn't get version/kind; json parse error: unexpected end of JSON input"),
        create("no document", JSON, "", 400, "unexpected end of JSON input (<empty>)"),
        create(
            "a list instead of an object",
            JSON,
            "[]",
            400,
            "json parse error: json: cannot unmarshal array into Go value of type struct"),
        create(
            "malformed YAML", YAML, "a: b: c\n\t- x", 400, "(must be of type ConfigMap): yaml: "),
        create(
            "another kind",
            JSON,
            map.replace("ConfigMap", "Secret"),
            400,
            "Secret in version \"v1\" cannot be handled as a ConfigMap"),
        create(
            "another version",
            JSON,
            map.replace("\"v1\"", "\"v2\""),
            400,
            "the API version in the data (v2) does not match the expected API version (v1)"),
        create("a number for a map", JSON, map.replace("{\"a\":\"1\"}", "7"), 400, ""),
        create(
            "an unknown content type",
            "text/plain",
            map,
            415,
            "the body of the request was in an unknown format"),
        create(
            "more than 10,000 levels",
            JSON,
            "{\"a\":".repeat(10_001) + "1" + "}".repeat(10_001),
            400,
            "json parse error: invalid character '{' exceeded max depth ({"),
        create(
            "10,000 levels that are unknown",
            JSON,
            "{\"a\":".repeat(9_999) + "1" + "}".repeat(9_999),
            422,
            "metadata.name: Required value: name or generateName is required"),
        create(
            "10,000 levels that would be kept",
            JSON,
            map.replace(
                "\"name\"",
                "\"managedFields\":[{\"fieldsV1\":"
                    + "{\"a\":".repeat(9_000)
                    + "1"
                    + "}".repeat(9_000)
                    + "}],\"name\""),
            400,
            "exceeded max depth"),
        create(
            "another namespace",
            JSON,
            map.replace("\"name\"", "\"namespace\":\"x\",\"name\""),
            400,
            "the namespace of the provided object does not match"),
        create(
            "no name",
            JSON,
            map.replace("\"name\":\"bad\"", ""),
            422,
            "metadata.name: Required value: name or generateName is required"),
        create("a bad name", JSON, map.replace("\"bad\"", "\"Bad_Name\""), 422, "metadata.name"),
        create(
            "a 2 MB object",
            JSON,
            map.replace("\"1\"", "\"" + "x".repeat(2 << 20) + "\""),
            422,
            "Too long"),
        new Bad(
            "a 2 MB pod",
            "POST",
            "/api/v1/namespaces/default/pods",
            JSON,
            Json.text(
                ObjectVerbsTest.pod("big")
                    .set(
                        io.bulwark.api.tree.TreeList.of(
                            Tree.of(
                                "name",
                                "c",
                                "image",
                                "i",
                                "args",
                                io.bulwark.api.tree.TreeList.of("x".repeat(2 << 20)))),
                        "spec",
                        "containers")),
            500,
            "etcdserver: request is too large"),
        new Bad(
            "an unknown field",
            "POST",
            strict,
            JSON,
            map.replace("\"data\"", "\"dato\""),
            400,
            "strict decoding error: unknown field \"dato\""),
        new Bad(
            "a duplicate field",
            "POST",
            strict,
            JSON,
            map.replace("{\"a\"", "{\"a\":\"0\",\"a\""),
            400,
            "duplicate field \"data.a\""),
        new Bad("an unknown dryRun", "POST", MAPS + "?dryRun=Maybe", JSON, map, 422, "dryRun"),
        new Bad(
            "an unknown resource",
            "POST",
            "/api/v1/namespaces/default/nothings",
            JSON,
            map,
            404,
            "the server could not find the requested resource"),
        new Bad(
            "an unknown group",
            "GET",
            "/apis/no.such/v1/things",
            "",
            "",
            404,
            "404 page not found"),
        new Bad("an unknown path", "GET", "/nothing", "", "", 404, "404 page not found"),
        new Bad(
            "a create everywhere",
            "POST",
            "/api/v1/configmaps",
            JSON,
            map,
            405,
            "the server does not allow this method on the requested resource"),
        new Bad("a create by name", "POST", MAPS + "/bad", JSON, map, 405, ""),
        new Bad("a namespaced node", "GET", "/api/v1/namespaces/default/nodes", "", "", 404, ""),
        new Bad("an unknown subresource", "GET", MAPS + "/there/scale", "", "", 404, ""),
        new Bad("a broken selector", "GET", MAPS + "?labelSelector=a%3D%3D%3D", "", "", 400, ""),
        new Bad(
            "an unknown field selector", "GET", MAPS + "?fieldSelector=a.b%3Dc", "", "", 400, ""),
        new Bad(
            "a broken patch",
            "PATCH",
            MAPS + "/there",
            "application/merge-patch+json",
            "{",
            400,
            "error decoding patch: unexpected end of JSON input"),
        new Bad(
            "a broken strategic patch",
            "PATCH",
            MAPS + "/there",
            "application/strategic-merge-patch+json",
            "{'a':1}",
            400,
            "looking for beginning of object key string"),
        new Bad(
            "a deep patch",
            "PATCH",
            MAPS + "/there",
            "application/merge-patch+json",
            "{\"a\":".repeat(10_001) + "1" + "}".repeat(10_001),
            400,
            "error decoding patch: invalid character '{' exceeded max depth"),
        new Bad(
            "a list for a patch",
            "PATCH",
            MAPS + "/there",
            "application/strategic-merge-patch+json",
            "[]",
            400,
            "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        new Bad(
            "an object for a JSON patch",
            "PATCH",
            MAPS + "/there",
            "application/json-patch+json",
            "{}",
            400,
            "json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        new Bad("a patch of an unknown type", "PATCH", MAPS + "/there", JSON, "{}", 415, ""),
        new Bad(
            "a JSON patch that tests wrong",
            "PATCH",
            MAPS + "/there",
            "application/json-patch+json",
            "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"9\"}]",
            422,
            "the server rejected our request due to an error in our request"),
        new Bad(
            "a bad propagation policy",
            "DELETE",
            MAPS + "/there?propagationPolicy=Maybe",
            "",
            "",
            422,
            "propagationPolicy"),
        new Bad(
            "a bad grace period",
            "DELETE",
            MAPS + "/there?gracePeriodSeconds=soon",
            "",
            "",
            400,
            ""),
        new Bad(
            "a namespace that is not there",
            "GET",
            "/api/v1/namespaces/none",
            "",
            "",
            404,
            "namespaces \"none\" not found"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void getsItsStatusAndLeavesNothingBehind(Bad bad) {
    long before = api.store().revision();
    var answer = api.send(bad.method(), bad.target(), bad.type(), bad.body());
    String shown = answer.text().substring(0, Math.min(400, answer.text().length()));
    assertEquals(bad.code(), answer.status(), shown);
    assertTrue(
        answer
            .text()
            .contains(bad.text().replace("\"", answer.text().startsWith("{") ? "\\\"" : "\"")),
        shown);
    if (answer.text().startsWith("{")) {
      Tree status = answer.tree();
      assertEquals("Status", status.text("kind"));
      assertEquals("Failure", status.text("status"));
      assertEquals((long) bad.code(), status.get("code"));
    }
    assertEquals(before, api.store().revision());
  }

  @ParameterizedTest
  @CsvSource({
    "configmaps,true",
    "secrets,true",
    "pods,true",
    "services,true",
    "endpoints,true",
    "events,true",
    "serviceaccounts,true",
    "podtemplates,true",
    "replicationcontrollers,true",
    "namespaces,false",
    "nodes,false"
  })
  void everyKindOfTheCoreGroupIsListedAndMissing(String resource, boolean namespaced) {
    String path = "/api/v1/" + (namespaced ? "namespaces/default/" : "") + resource;
    assertEquals(200, api.send("GET", path).status());
    var missing = api.send("GET", path + "/missing");
    assertEquals(404, missing.status());
    assertEquals(resource + " \"missing\" not found", missing.message());
    assertEquals(404, api.send("DELETE", path + "/missing").status());
  }

  @Test
  void tablesHaveUpstreamsColumns() {
    var table =
        api.send(
            "GET",
            "/api/v1/namespaces",
            "",
            new byte[0],
            "application/json;as=Table;v=v1;g=meta.k8s.io");
    assertEquals("Table", table.tree().text("kind"), table.text());
    assertEquals(
        java.util.List.of("Name", "Status", "Age"),
        table.tree().trees("columnDefinitions").stream().map(c -> c.text("name")).toList());
    assertEquals("default", table.tree().trees("rows").getFirst().list("cells").getFirst());
  }

  @Test
  void healthIsToldInWords() {
    assertEquals("ok", api.send("GET", "/readyz").text());
    assertTrue(api.send("GET", "/livez?verbose").text().endsWith("livez check passed\n"));
    assertEquals(200, api.send("GET", "/healthz/ping").status());
    assertEquals(404, api.send("GET", "/healthz/nothing").status());
  }

  @Test
  void responsesSayWhoDecided() {
    var answer = api.send("GET", MAPS + "/there");
    assertEquals(
        36, String.valueOf(answer.headers().get("x-kubernetes-pf-flowschema-uid")).length());
    assertEquals(36, String.valueOf(answer.headers().get("audit-id")).length());
  }

  @Test
  void metricsCountRequests() {
    api.send("GET", MAPS + "/there");
    String text = api.send("GET", "/metrics").text();
    assertTrue(text.contains("# TYPE apiserver_request_total counter\n"), text);
    assertTrue(
        java.util.regex.Pattern.compile(
                "apiserver_request_total[{]code=\"200\",group=\"\",resource=\"configmaps\","
                    + "subresource=\"\",verb=\"GET\",version=\"v1\"[}] [1-9]")
            .matcher(text)
            .find(),
        text);
    assertTrue(text.contains("apiserver_current_inflight_requests 1\n"), text);
  }

  @Test
  void theIssuerOfTokensSaysHowToCheckThem() {
    Tree issuer = api.send("GET", "/.well-known/openid-configuration").tree();
    assertEquals("https://kubernetes.default.svc.cluster.local", issuer.text("issuer"));
    assertEquals(java.util.List.of("RS256"), issuer.texts("id_token_signing_alg_values_supported"));
    assertTrue(issuer.textOrEmpty("jwks_uri").endsWith("/openid/v1/jwks"), issuer.toString());
    Tree key = api.send("GET", "/openid/v1/jwks").tree().trees("keys").getFirst();
    assertEquals("RSA", key.text("kty"));
    assertEquals("sig", key.text("use"));
    assertEquals("AQAB", key.text("e"));
    assertEquals(null, key.text("d"));
  }

  @Test
  void rowsOfCompletedPodsSaySo() {
    String pods = "/api/v1/namespaces/default/pods";
    api.send("POST", pods, ObjectVerbsTest.pod("done"));
    api.send(
        "PATCH",
        pods + "/done/status",
        "application/merge-patch+json",
        "{\"status\":{\"phase\":\"Succeeded\"}}");
    Tree table =
        api.send(
                "GET",
                pods + "/done",
                "",
                new byte[0],
                "application/json;as=Table;v=v1;g=meta.k8s.io")
            .tree();
    Tree condition = table.trees("rows").getFirst().trees("conditions").getFirst();
    assertEquals("Completed", condition.text("type"));
    assertEquals("Succeeded", condition.text("reason"));
    assertEquals("The pod has completed successfully.", condition.text("message"));
    api.send("DELETE", pods + "/done");
  }

  @Test
  void deprecatedKindsSaySo() {
    assertEquals(
        "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\"",
        api.send("GET", "/api/v1/namespaces/default/endpoints").headers().get("warning"));
    assertEquals(null, api.send("GET", MAPS).headers().get("warning"));
  }

  @Test
  void aBugOutsideTheStagesStillEndsInAStatus() throws Exception {
    try (TestApi broken = TestApi.started()) {
      broken.breakAudit();
      var answer = broken.send("POST", MAPS, ObjectVerbsTest.map("lost"));
      assertEquals(500, answer.status());
      assertEquals("InternalError", answer.tree().text("reason"));
    }
  }

  @Test
  void sentencesForPeopleComeAsWarnings() {
    String map = Json.text(ObjectVerbsTest.map("warned")).replace("\"data\"", "\"dato\"");
    var answer = api.send("POST", MAPS, JSON, map);
    assertEquals(201, answer.status());
    assertEquals("299 - \"unknown field \\\"dato\\\"\"", answer.headers().get("warning"));
  }
}
