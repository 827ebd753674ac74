package io.bulwark.cluster.apiserver.read;

import static io.bulwark.cluster.apiserver.read.Cluster.bytes;
import static io.bulwark.cluster.apiserver.read.Cluster.json;
import static io.bulwark.cluster.apiserver.read.Cluster.refused;
import static io.bulwark.cluster.apiserver.read.Cluster.request;
import static io.bulwark.cluster.apiserver.read.Cluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.codec.Yaml;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Grants;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormsTest {
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
  private static final String PARTIAL =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private Outgoing get(String accept, String... query) {
    return cluster.reads.get(request("ns", "web", accept, query), cluster.pods);
  }

  private Outgoing list(String accept, String... query) {
    return cluster.reads.list(request("ns", "", accept, query), cluster.pods);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|application/json",
        "application/*|application/json",
        "application/json, */*|application/json",
        "application/yaml|application/yaml",
        "text/html, application/yaml;q=0.5|application/yaml",
        "application/json;q=0.1, application/yaml;q=0.9|application/yaml",
        "application/vnd.kubernetes.protobuf, application/json|application/vnd.kubernetes.protobuf",
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json|application/json",
        "application/cbor, application/json;q=0.5|application/json",
      })
  void acceptHeaderPicksTheFormat(String accept, String expected) {
    cluster.createPod("ns", "web", "a", "n");
    assertEquals(expected, get(accept).headers().get("content-type"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json;as=Nothing;v=v1;g=meta.k8s.io",
        "application/json;as=Table;v=v9;g=meta.k8s.io",
        "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io",
        "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
      })
  void whatWeDoNotHaveIsNotAcceptable(String accept) {
    cluster.createPod("ns", "web", "a", "n");
    Tree status = refused(() -> get(accept));
    assertEquals(406L, status.get("code"));
    assertEquals(
        "only the following media types are accepted: application/json, application/yaml,"
            + " application/vnd.kubernetes.protobuf",
        status.text("message"));
  }

  @Test
  void mediaTypesThatNobodyKnowsAreTurnedAwayInTheRoutersWords() {
    cluster.createPod("ns", "web", "a", "n");
    Tree status = refused(() -> get("text/plain"));
    assertEquals(406L, status.get("code"));
    assertEquals(
        "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml,"
            + " application/vnd.kubernetes.protobuf",
        status.text("message"));
  }

  @Test
  void yamlAndPrettyJsonSayTheSame() {
    cluster.createPod("ns", "web", "a", "n");
    Tree object = json(get(""));
    assertEquals(object, Yaml.read(bytes(get("application/yaml"))));
    String pretty = text(get("application/json;pretty=1"));
    assertEquals(object, Json.read(pretty.getBytes(StandardCharsets.UTF_8)));
    assertTrue(pretty.startsWith("{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Pod\","), pretty);
    assertEquals(pretty, text(get("", "pretty=true")));
    String forCurl =
        text(
            cluster.reads.get(
                Grants.get("pods", "ns", "web", Map.of(), Map.of("user-agent", "curl/8")),
                cluster.pods));
    assertEquals(pretty, forCurl);
  }

  @Test
  void tableHasColumnsRowsAndMetadata() {
    cluster.createPod("ns", "web", "a", "n");
    cluster.createPod("ns", "zzz", "a", "n");
    Tree table = json(list(TABLE, "limit=1"));
    assertEquals("Table", table.text("kind"));
    assertEquals("meta.k8s.io/v1", table.text("apiVersion"));
    assertEquals("Name", table.trees("columnDefinitions").getFirst().text("name"));
    assertEquals(1, table.trees("rows").size());
    Tree row = table.trees("rows").getFirst();
    assertEquals("web", row.list("cells").getFirst());
    assertEquals(table.list("columnDefinitions").size(), row.list("cells").size());
    assertEquals("PartialObjectMetadata", row.text("object", "kind"));
    assertEquals("2", row.text("object", "metadata", "resourceVersion"));
    assertNull(row.tree("object", "spec"));
    assertEquals("3", table.text("metadata", "resourceVersion"));
    assertFalse(table.textOrEmpty("metadata", "continue").isEmpty());
    assertEquals(1L, table.at("metadata", "remainingItemCount"));
    Tree one = json(get(TABLE, "includeObject=Object"));
    assertEquals("n", one.trees("rows").getFirst().text("object", "spec", "nodeName"));
    assertNull(json(get(TABLE, "includeObject=None")).trees("rows").getFirst().get("object"));
    assertEquals(
        "Unable to convert to Table as requested: includeObject: Invalid value: \"x\": must be"
            + " 'Metadata', 'Object', 'None', or empty",
        refused(() -> get(TABLE, "includeObject=x")).text("message"));
  }

  @Test
  void metadataAloneCanBeAskedFor() {
    cluster.createPod("ns", "web", "a", "n");
    Tree one = json(get(PARTIAL));
    assertEquals("meta.k8s.io/v1", one.text("apiVersion"));
    assertEquals("2", one.text("metadata", "resourceVersion"));
    assertEquals(3, one.size());
    Tree all = json(list("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"));
    assertEquals("PartialObjectMetadataList", all.text("kind"));
    assertEquals(one, all.trees("items").getFirst());
  }

  @Test
  void protobufHoldsTheSameObject() {
    cluster.createPod("ns", "web", "a", "n");
    cluster.createPod("ns", "zzz", "a", "n");
    assertEquals(json(get("")), Protobuf.read(bytes(get(PROTOBUF))));
    Tree expected = json(list("", "limit=1"));
    Tree list = Protobuf.read(bytes(list(PROTOBUF, "limit=1")));
    assertEquals(expected, list);
    Tree partial =
        Protobuf.read(bytes(get(PROTOBUF + ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io")));
    assertEquals(json(get(PARTIAL)), partial);
  }

  @Test
  void largeResponsesAreCompressedWhereAccepted() throws Exception {
    Map<String, String> zip = Map.of("accept-encoding", "gzip, deflate");
    cluster.createPod("ns", "p", "a", "n");
    Outgoing small = cluster.reads.list(Grants.get("pods", "ns", "", Map.of(), zip), cluster.pods);
    assertNull(small.headers().get("content-encoding"));
    for (int i = 0; i < 1000; i++) {
      cluster.createPod("ns", "p" + i, "a", "n");
    }
    Outgoing large = cluster.reads.list(Grants.get("pods", "ns", "", Map.of(), zip), cluster.pods);
    assertEquals("gzip", large.headers().get("content-encoding"));
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(bytes(large))).readAllBytes();
    assertEquals(1001, Json.read(plain).list("items").size());
    assertTrue(bytes(large).length < plain.length / 4);
  }

  @Test
  void failuresComeInTheAcceptedFormatWithTheirRetryTime() {
    Outgoing.Complete failure =
        Responses.failure(
            new Failure.TooLargeResourceVersion(9, 5, 1),
            request("", "", "application/yaml").incoming());
    assertEquals(504, failure.status());
    assertEquals("1", failure.headers().get("retry-after"));
    assertEquals("Failure", Yaml.read(bytes(failure)).text("status"));
    Failure missing = new Failure.NotFound(new GroupResource("", "pods"), "a");
    Tree status = json(Responses.failure(missing, request("", "", "text/plain").incoming()));
    assertEquals("NotFound", status.text("reason"));
    byte[] message = bytes(Responses.failure(missing, request("", "", PROTOBUF).incoming()));
    assertEquals("NotFound", Protobuf.read(message).text("reason"));
  }

  @Test
  void dryRunOutcomesTakeEveryShape() {
    Tree pod = Cluster.pod("ns", "web", "a", "n");
    Encoding table = Encoding.negotiate(request("", "", TABLE).incoming());
    Tree shown = json(Responses.object(201, pod, cluster.pods, table));
    assertEquals(List.of("web"), List.of(shown.trees("rows").getFirst().list("cells").getFirst()));
    Encoding partial = Encoding.negotiate(request("", "", PARTIAL).incoming());
    assertEquals(
        "web", json(Responses.object(201, pod, cluster.pods, partial)).text("metadata", "name"));
  }
}
