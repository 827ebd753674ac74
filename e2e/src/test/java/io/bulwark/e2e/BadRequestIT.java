package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Kubeconfig;
import io.bulwark.junit.Cluster;
import io.bulwark.junit.WithCluster;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad bodies, types and credentials over the wire: upstream's status, and nothing left behind. */
@WithCluster
class BadRequestIT {
  private static final String JSON = "application/json";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private static String map(String rest) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"bad\"}"
        + rest
        + "}";
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of("malformed JSON", MAPS, JSON, "{\"apiVersion\":", 400, "BadRequest"),
        Arguments.of("no object", MAPS, JSON, "[]", 400, "BadRequest"),
        Arguments.of("nothing", MAPS, JSON, "", 400, "BadRequest"),
        Arguments.of("malformed YAML", MAPS, "application/yaml", "a: [", 400, "BadRequest"),
        Arguments.of(
            "wrong kind", MAPS, JSON, map("").replace("ConfigMap", "Secret"), 400, "BadRequest"),
        Arguments.of(
            "wrong version", MAPS, JSON, map("").replace("\"v1\"", "\"v9\""), 400, "BadRequest"),
        Arguments.of(
            "unknown field, strict",
            MAPS + "?fieldValidation=Strict",
            JSON,
            map(",\"surplus\":1"),
            400,
            "BadRequest"),
        Arguments.of(
            "bad name", MAPS, JSON, map("").replace("\"bad\"", "\"Not Good\""), 422, "Invalid"),
        Arguments.of(
            "two megabytes",
            MAPS,
            JSON,
            map(",\"data\":{\"a\":\"" + "x".repeat(2_000_000) + "\"}"),
            422,
            "Invalid"),
        Arguments.of(
            "four megabytes",
            MAPS,
            JSON,
            map(",\"data\":{\"a\":\"" + "x".repeat(4_000_000) + "\"}"),
            413,
            "RequestEntityTooLarge"),
        Arguments.of(
            "ten thousand deep",
            MAPS,
            JSON,
            map(",\"data\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)),
            400,
            "BadRequest"),
        Arguments.of(
            "wrong content type", MAPS, "text/plain", map(""), 415, "UnsupportedMediaType"),
        Arguments.of("no such resource", "/api/v1/nonsense", JSON, map(""), 404, "NotFound"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void badBodiesGetUpstreamsStatus(
      String what, String path, String type, String body, int code, String reason, Cluster cluster)
      throws Exception {
    Kubeconfig admin = Kubeconfig.load(cluster.kubeconfig());
    try (HttpClient client = HttpClient.newBuilder().sslContext(admin.tls()).build()) {
      HttpResponse<String> answer = post(client, cluster, path, type, body, "");
      assertEquals(code, answer.statusCode(), what + ": " + answer.body());
      Tree status = Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
      assertEquals("Status", status.text("kind"), answer.body());
      assertEquals(reason, status.text("reason"), answer.body());
      assertEquals(code, status.number(0, "code"), answer.body());
    }
    assertEquals(1, cluster.client().configMaps().inNamespace("default").list().getItems().size());
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void badTokensAreNobody(String token, Cluster cluster) throws Exception {
    Kubeconfig admin = Kubeconfig.load(cluster.kubeconfig());
    Kubeconfig nobody =
        Kubeconfig.ofToken(
            admin.server(), java.util.Objects.requireNonNull(admin.authority()), token);
    try (HttpClient client = HttpClient.newBuilder().sslContext(nobody.tls()).build()) {
      HttpResponse<String> answer = post(client, cluster, MAPS, JSON, map(""), token);
      assertEquals(401, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains("\"reason\":\"Unauthorized\""), answer.body());
    }
  }

  static Stream<String> tokens() {
    return Stream.of("", "nonsense", "a.b.c", "abcdef.0123456789abcdef", "x".repeat(8000));
  }

  private static HttpResponse<String> post(
      HttpClient client, Cluster cluster, String path, String type, String body, String token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cluster.server() + path))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
