package io.bulwark.cluster.apiserver.decode;

import static io.bulwark.cluster.apiserver.decode.Samples.DEPLOYMENT;
import static io.bulwark.cluster.apiserver.decode.Samples.POD;
import static io.bulwark.cluster.apiserver.decode.Samples.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodiesTest {
  private final Bodies bodies = new Bodies(Samples.SHAPES);

  private Decoded json(String body, String validation) {
    return bodies.read(post("application/json", body, validation), POD);
  }

  private static Tree refused(org.junit.jupiter.api.function.Executable action) {
    return Statuses.of(assertThrows(Rejected.class, action).failure());
  }

  @Test
  void fillsInTheKindThatTheUrlNames() {
    Tree tree = json("{\"metadata\":{\"name\":\"a\"}}", "").tree();
    assertEquals("v1", tree.text("apiVersion"));
    assertEquals("Pod", tree.text("kind"));
  }

  @Test
  void readsYaml() {
    Tree tree =
        bodies
            .read(post("application/yaml; charset=utf-8", "metadata:\n  name: a\n", ""), POD)
            .tree();
    assertEquals("a", tree.text("metadata", "name"));
  }

  @Test
  void readsProtobuf() {
    Tree pod =
        Samples.yaml("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {nodeName: node}}");
    Incoming incoming =
        new Incoming(
            "POST",
            "/",
            java.util.Map.of(),
            java.util.Map.of("content-type", Protobuf.MEDIA_TYPE),
            Protobuf.write(pod),
            new Credentials.None(),
            "127.0.0.1");
    Tree read = bodies.read(incoming, POD).tree();
    assertEquals("a", read.text("metadata", "name"));
    assertEquals("node", read.text("spec", "nodeName"));
    assertEquals("Pod", read.text("kind"));
  }

  @Test
  void brokenProtobufIsABadRequest() {
    Tree status = refused(() -> bodies.read(post(Protobuf.MEDIA_TYPE, "k8s?", ""), POD));
    assertEquals(400L, status.number(0, "code"));
    assertTrue(status.textOrEmpty("message").startsWith("the object provided is unrecognized"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"kind\":\"Service\",\"apiVersion\":\"v1\"} | cannot be handled as a Pod",
        "{\"kind\":\"Pod\",\"apiVersion\":\"v2\"} | the API version in the data (v2) does not match"
            + " the expected API version (v1)",
        "{\"spec\":{\"containers\":\"x\"}} | json: cannot unmarshal string into Go struct field"
            + " PodSpec.spec.containers of type []v1.Container",
        "{\"metadata\":{\"labels\":{\"a\":1}}} | json: cannot unmarshal number into Go struct field"
            + " ObjectMeta.metadata.labels of type string",
        "{\"spec\":{\"priority\":1.5}} | cannot unmarshal number 1.5 into Go struct field"
            + " PodSpec.spec.priority of type int32",
        "{\"spec\":{\"priority\":3000000000}} | cannot unmarshal number 3000000000",
        "{\"spec\":{\"hostNetwork\":\"true\"}} | cannot unmarshal string",
        "{\"metadata\":{\"creationTimestamp\":\"soon\"}} | parsing time \"soon\"",
        "{bad | the object provided is unrecognized (must be of type Pod): couldn't get"
            + " version/kind; json parse error",
        "[] | the object provided is unrecognized (must be of type Pod)",
      })
  void refusesWhatIsNoPod(String body, String expected) {
    Tree status = refused(() -> json(body, ""));
    assertEquals(400L, status.number(0, "code"));
    assertTrue(status.textOrEmpty("message").contains(expected), status.textOrEmpty("message"));
  }

  @Test
  void namesMediaTypesThatItKnows() {
    Tree status = refused(() -> bodies.read(post("text/plain", "{}", ""), POD));
    assertEquals(415L, status.number(0, "code"));
    assertEquals(
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json, application/yaml, application/vnd.kubernetes.protobuf",
        status.text("message"));
  }

  @Test
  void strictCollectsUnknownAndDuplicateFields() {
    String body =
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"spec\":{\"foo\":1,\"paused\":true,"
            + "\"paused\":false,\"template\":{\"spec\":{\"containers\":[{\"bar\":1}]}}}}";
    Tree status = refused(() -> bodies.read(post("application/json", body, "Strict"), DEPLOYMENT));
    assertEquals(
        "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error:"
            + " unknown field \"spec.foo\", unknown field \"spec.template.spec.containers[0].bar\","
            + " duplicate field \"spec.paused\"",
        status.text("message"));
  }

  @Test
  void warnsAndPrunes() {
    Decoded decoded = json("{\"spec\":{\"foo\":1,\"Containers\":[]}}", "Warn");
    assertEquals(
        java.util.List.of("unknown field \"spec.Containers\"", "unknown field \"spec.foo\""),
        decoded.warnings());
    assertEquals(new Tree(), decoded.tree().tree("spec"));
    assertEquals(java.util.List.of(), json("{\"foo\":1}", "Ignore").warnings());
  }

  @Test
  void nullIsAbsentAndScalarsBecomeCanonical() {
    Tree tree =
        json(
                "{\"metadata\":{\"creationTimestamp\":null,\"labels\":{\"a\":null}},\"spec\":{"
                    + "\"nodeName\":null,\"containers\":[{\"resources\":{\"limits\":{\"cpu\":0.5,"
                    + "\"memory\":\"1024Mi\"}}}]}}",
                "")
            .tree();
    assertEquals(Tree.of("labels", Tree.of("a", "")), tree.tree("metadata"));
    Tree limits = tree.trees("spec", "containers").getFirst().tree("resources", "limits");
    assertEquals(Tree.of("cpu", "500m", "memory", "1Gi"), limits);
    assertEquals(false, tree.has("spec", "nodeName"));
  }

  @Test
  void refusesAnUnknownValidation() {
    assertEquals(422L, refused(() -> json("{}", "Loud")).number(0, "code"));
  }
}
