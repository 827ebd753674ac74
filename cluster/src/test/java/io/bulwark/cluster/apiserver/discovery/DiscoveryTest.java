package io.bulwark.cluster.apiserver.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private final Kinds kinds = Kinds.builtIn(InstantSource.system());
  private final Discovery discovery = new Discovery(kinds, "v1.36.0+bulwark.0.1.0");

  @Test
  void everyPathIsServedWithAndWithoutSlash() {
    for (String path : discovery.paths()) {
      assertEquals(200, get(path, null).status(), path);
      assertEquals(200, get(path + "/", null).status(), path);
    }
    assertNull(discovery.answer(request("/apis/none.example.com/v1", Map.of())));
    assertNull(discovery.answer(request("/api/v1/pods", Map.of())));
  }

  @Test
  void listsResourcesWithSubresources() {
    Tree list = tree(get("/api/v1", null));
    assertEquals("APIResourceList", list.text("kind"));
    Tree pods = named(list, "resources", "name", "pods");
    assertEquals(List.of("po"), pods.texts("shortNames"));
    assertEquals("xPOwRZ+Yhw8=", pods.text("storageVersionHash"));
    assertTrue(pods.texts("verbs").contains("watch"));
    Tree eviction = named(list, "resources", "name", "pods/eviction");
    assertEquals("policy", eviction.text("group"));
    assertEquals("Eviction", eviction.text("kind"));
  }

  @Test
  void aggregatesOnlyForThoseWhoAsk() {
    Outgoing.Complete aggregated =
        get("/apis", AGGREGATED + ",application/json;g=x;v=v2beta1,application/json");
    assertEquals(AGGREGATED, aggregated.headers().get("content-type"));
    assertEquals("Accept", aggregated.headers().get("vary"));
    Tree apps = tree(aggregated).trees("items").getFirst();
    assertEquals("apps", apps.text("metadata", "name"));
    Tree deployments =
        named(apps.trees("versions").getFirst(), "resources", "resource", "deployments");
    assertEquals("Namespaced", deployments.text("scope"));
    assertEquals(
        "Scale",
        named(deployments, "subresources", "subresource", "scale").text("responseKind", "kind"));
    assertEquals("APIGroupList", tree(get("/apis", "application/json")).text("kind"));
    assertEquals("APIVersions", tree(get("/api", "*/*")).text("kind"));
    assertEquals(
        "apidiscovery.k8s.io/v2beta1",
        tree(get("/api", AGGREGATED.replace("v=v2", "v=v2beta1"))).text("apiVersion"));
  }

  @Test
  void answers304ToWhoKnowsTheDocument() {
    String tag = get("/openapi/v3/apis/apps/v1", null).headers().get("etag");
    assertNotNull(tag);
    Outgoing.Complete again =
        complete(
            discovery.answer(request("/openapi/v3/apis/apps/v1", Map.of("if-none-match", tag))));
    assertEquals(304, again.status());
    assertEquals(0, again.length());
  }

  @Test
  void fieldsThatReferToATypeSayWhatTheyAreFor() {
    Tree document = tree(get("/openapi/v3/api/v1", "application/json"));
    Tree pod = document.treeOrEmpty("components", "schemas", "io.k8s.api.core.v1.Pod");
    String spec = pod.textOrEmpty("properties", "spec", "description");
    assertTrue(spec.startsWith("Specification of the desired behavior of the pod."), spec);
    Tree container =
        document.treeOrEmpty("components", "schemas", "io.k8s.api.core.v1.PodSpec", "properties");
    String restart = container.textOrEmpty("restartPolicy", "description");
    assertTrue(
        restart.endsWith(
            "Possible enum values:\n - `\"Always\"`\n - `\"Never\"`\n - `\"OnFailure\"`"),
        restart);
  }

  @Test
  void documentsChangeWithTheKinds() {
    Tree before = tree(get("/openapi/v3", null)).treeOrEmpty("paths");
    kinds.replace(
        rows -> rows.stream().filter(row -> !row.resource().kind().equals("Deployment")).toList());
    Tree after = tree(get("/openapi/v3", null)).treeOrEmpty("paths");
    assertNotEquals(before.get("apis/apps/v1"), after.get("apis/apps/v1"));
    assertEquals(before.get("api/v1"), after.get("api/v1"));
  }

  @Test
  void openApi3HasWhatKubectlLooksFor() {
    Tree document = tree(get("/openapi/v3/apis/apps/v1", "application/json"));
    Tree schemas = document.treeOrEmpty("components", "schemas");
    Tree deployment = schemas.treeOrEmpty("io.k8s.api.apps.v1.Deployment");
    assertEquals(
        TreeList.of(Tree.of("group", "apps", "kind", "Deployment", "version", "v1")),
        deployment.get("x-kubernetes-group-version-kind"));
    Tree containers = schemas.treeOrEmpty("io.k8s.api.core.v1.PodSpec", "properties", "containers");
    assertEquals("merge", containers.text("x-kubernetes-patch-strategy"));
    assertEquals("name", containers.text("x-kubernetes-patch-merge-key"));
    Tree patch =
        document.treeOrEmpty(
            "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch");
    assertEquals("patch", patch.text("x-kubernetes-action"));
    List<String> parameters =
        patch.trees("parameters").stream().map(p -> p.textOrEmpty("name")).toList();
    assertTrue(parameters.containsAll(List.of("dryRun", "fieldManager", "fieldValidation")));
    for (Tree reference : references(document)) {
      String target = reference.textOrEmpty("$ref").replace("#/components/schemas/", "");
      assertTrue(schemas.containsKey(target), target);
    }
  }

  @Test
  void theIndexOfOpenApi3LeadsToDocumentsThatMayBeKept() {
    Tree paths = tree(get("/openapi/v3", null)).treeOrEmpty("paths");
    String url = paths.textOrEmpty("apis/apps/v1", "serverRelativeURL");
    String[] parts = url.split("\\?hash=", 2);
    Incoming incoming =
        new Incoming(
            "GET",
            parts[0],
            Map.of("hash", List.of(parts[1])),
            Map.of(),
            new byte[0],
            new Credentials.None(),
            "@");
    assertEquals(
        "public, immutable", complete(discovery.answer(incoming)).headers().get("cache-control"));
    assertNull(get(parts[0], null).headers().get("cache-control"));
  }

  @Test
  void openApi2IsJsonOrProtobuf() throws IOException {
    Outgoing.Complete json = get("/openapi/v2", null);
    assertEquals("application/json", json.headers().get("content-type"));
    Tree document = tree(json);
    Outgoing.Complete protobuf =
        get("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
    assertEquals(OpenApiV2.PROTOBUF, protobuf.headers().get("content-type"));
    CodedInputStream in = CodedInputStream.newInstance(bytes(protobuf));
    Map<Integer, byte[]> fields = new TreeMap<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      fields.put(tag >>> 3, in.readByteArray());
    }
    assertEquals("2.0", new String(fields.get(1), java.nio.charset.StandardCharsets.UTF_8));
    assertEquals(
        document.treeOrEmpty("definitions").size(),
        count(Objects.requireNonNull(fields.get(9)), 1));
    assertEquals(
        document.treeOrEmpty("paths").size(), count(Objects.requireNonNull(fields.get(8)), 2));
    Rejected refused = assertThrows(Rejected.class, () -> get("/openapi/v2", "text/html"));
    assertTrue(refused.failure() instanceof Failure.NotAcceptable);
  }

  @Test
  void everyKindHasASchema() {
    Tree definitions = tree(get("/openapi/v2", null)).treeOrEmpty("definitions");
    for (Kind kind : kinds.all()) {
      assertTrue(definitions.containsKey(kind.schema()), kind.schema());
    }
  }

  @Test
  void tellsTheVersion() {
    Tree version = tree(get("/version", null));
    assertEquals("36", version.text("minor"));
    assertEquals("v1.36.0+bulwark.0.1.0", version.text("gitVersion"));
  }

  private static int count(byte[] message, int number) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    int count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      assertEquals(number, tag >>> 3);
      in.skipField(tag);
      count++;
    }
    return count;
  }

  private static List<Tree> references(@Nullable Object value) {
    return switch (value) {
      case Tree tree when tree.containsKey("$ref") && tree.get("$ref") instanceof String ->
          List.of(tree);
      case Tree tree -> tree.values().stream().flatMap(v -> references(v).stream()).toList();
      case TreeList list -> list.stream().flatMap(v -> references(v).stream()).toList();
      case null, default -> List.of();
    };
  }

  private static Tree named(Tree tree, String list, String key, String name) {
    return tree.trees(list).stream()
        .filter(entry -> name.equals(entry.text(key)))
        .findFirst()
        .orElseThrow();
  }

  private Outgoing.Complete get(String path, @Nullable String accept) {
    return complete(
        discovery.answer(request(path, accept == null ? Map.of() : Map.of("accept", accept))));
  }

  private static Outgoing.Complete complete(@Nullable Outgoing outgoing) {
    return (Outgoing.Complete) java.util.Objects.requireNonNull(outgoing);
  }

  private static Incoming request(String path, Map<String, String> headers) {
    return new Incoming("GET", path, Map.of(), headers, new byte[0], new Credentials.None(), "@");
  }

  private static Tree tree(Outgoing.Complete answer) {
    return Json.read(bytes(answer));
  }

  private static byte[] bytes(Outgoing.Complete answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    answer.body().forEach(slice -> out.write(slice.bytes(), slice.offset(), slice.length()));
    return out.toByteArray();
  }
}
