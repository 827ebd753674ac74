package io.bulwark.api.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufTest {
  /** A ConfigMap "a" with one datum, put together by hand from the published field numbers. */
  private static final String CONFIG_MAP =
      "6b387300" // magic
          + "0a0f"
          + "0a027631"
          + "1209436f6e6669674d6170" // v1, ConfigMap
          + "120d"
          + "0a03"
          + "0a0161"
          + "1206"
          + "0a016b"
          + "120176" // metadata.name, data
          + "1a00"
          + "2200";

  @Test
  void readsAndWritesTheEnvelope() {
    byte[] body = HexFormat.of().parseHex(CONFIG_MAP);
    Tree tree =
        tree(
            """
            {"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"name":"a"}}""");
    assertEquals(tree, Protobuf.read(body));
    assertArrayEquals(body, Protobuf.write(tree));
    assertTrue(Protobuf.is(body));
    assertFalse(Protobuf.is(Json.write(tree)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","creationTimestamp":"2026-01-02T03:04:05Z",
         "managedFields":[{"manager":"m","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{}}}],
         "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r","uid":"u","controller":false}]},
         "spec":{"hostNetwork":true,"overhead":{"cpu":"250m"},"terminationGracePeriodSeconds":0,
          "volumes":[{"name":"v","emptyDir":{"sizeLimit":"1Gi"}},{"name":"c","configMap":{"name":"x","optional":false}}],
          "containers":[{"name":"c","livenessProbe":{"httpGet":{"port":"web"},"periodSeconds":3},
            "readinessProbe":{"tcpSocket":{"port":80}},
            "env":[{"name":"E","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}]},
         "status":{"podIPs":[{"ip":"10.0.0.1"}]}}""",
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"b":"AAEC/w=="},"type":"Opaque"}""",
        """
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"l"},
         "spec":{"holderIdentity":"h","leaseDurationSeconds":40,"renewTime":"2026-01-02T03:04:05.000006Z"}}""",
        """
        {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","metadata":{"name":"t"},"spec":{"token":"x"},
         "status":{"authenticated":true,"user":{"username":"u","extra":{"e":["1","2"]}}}}""",
        """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"c"},
         "spec":{"group":"g","names":{"kind":"K","plural":"ks"},"scope":"Namespaced","versions":[{"name":"v1",
          "served":true,"storage":true,"schema":{"openAPIV3Schema":{"$ref":"r","additionalProperties":false,
           "items":{"type":"string"},"default":{"a":[1,2.5,null]},"enum":["x",1],
           "properties":{"p":{"additionalProperties":{"type":"integer"},"items":[{"type":"a"}],
            "maximum":1.5,"x-kubernetes-preserve-unknown-fields":false}},
           "dependencies":{"d":["e"]}}}}]}}""",
        """
        {"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"5"},
         "items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"},"immutable":true}]}""",
        """
        {"apiVersion":"v1","kind":"Status","metadata":{},"status":"Failure","message":"m","reason":"NotFound",
         "code":404,"details":{"name":"x","kind":"pods","causes":[{"reason":"r","field":"f"}]}}""",
        """
        {"apiVersion":"policy/v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Orphan",
         "preconditions":{"uid":"u"}}""",
        """
        {"apiVersion":"meta.k8s.io/v1","kind":"PartialObjectMetadata","metadata":{"name":"a","labels":{"x":"y"}}}""",
        """
        {"apiVersion":"apps/v1","kind":"ControllerRevision","metadata":{"name":"a"},"data":{"spec":{"n":1}},"revision":3}""",
      })
  void keepsEverything(String json) {
    Tree tree = tree(json);
    assertEquals(tree, Protobuf.read(Protobuf.write(tree)));
  }

  @Test
  void leavesOutZeroesThatMeanAbsence() {
    Schema pod = Schemas.type("io.k8s.api.core.v1.PodSpec");
    // hostNetwork (11), a plain boolean, and terminationGracePeriodSeconds (4), a pointer, both 0.
    byte[] message = {11 << 3, 0, 4 << 3, 0};
    assertEquals(Tree.of("terminationGracePeriodSeconds", 0), Protobuf.readMessage(message, pod));
  }

  @Test
  void readsPackedNumbers() {
    Schema context = Schemas.type("io.k8s.api.core.v1.PodSecurityContext");
    byte[] packed = {4 << 3 | 2, 3, 5, (byte) 0x96, 1};
    byte[] plain = {4 << 3, 5, 4 << 3, (byte) 0x96, 1};
    assertEquals(Protobuf.readMessage(plain, context), Protobuf.readMessage(packed, context));
    assertEquals(
        "{\"supplementalGroups\":[5,150]}", Json.text(Protobuf.readMessage(packed, context)));
  }

  @Test
  void skipsUnknownFieldsAndRefusesWrongTypes() {
    Schema container = Schemas.type("io.k8s.api.core.v1.Container");
    byte[] unknown = {(byte) 0xfa, 0x7f, 2, 1, 2, 1 << 3 | 2, 1, 'c'};
    assertEquals(Tree.of("name", "c"), Protobuf.readMessage(unknown, container));
    byte[] wrong = {1 << 3, 1};
    assertEquals(
        "proto: wrong wireType = 0 for field name",
        assertThrows(MalformedBody.class, () -> Protobuf.readMessage(wrong, container))
            .getMessage());
  }

  @Test
  void boundsDepth() {
    Schema schema =
        Schemas.type("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
    ReverseBuffer nested = new ReverseBuffer(64);
    for (int i = 0; i < 500; i++) {
      nested.lengthAndTag(28, 0); // "not"
    }
    assertThrows(MalformedBody.class, () -> Protobuf.readMessage(nested.bytes(), schema));
  }

  @Test
  void framesWatchEvents() {
    byte[] body = HexFormat.of().parseHex(CONFIG_MAP);
    byte[] frame = Protobuf.watchFrame("ADDED", body);
    assertEquals(frame.length - 4, java.nio.ByteBuffer.wrap(frame).getInt());
    Tree event =
        Protobuf.readMessage(
            Arrays.copyOfRange(frame, 4, frame.length),
            Schemas.type("io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent"));
    assertEquals("ADDED", event.text("type"));
    assertEquals("a", event.text("object", "metadata", "name"));
  }

  @Test
  void knowsWhichKindsHaveAForm() {
    assertTrue(Protobuf.supports(new GroupVersionKind("", "v1", "Pod")));
    assertFalse(Protobuf.supports(new GroupVersionKind("example.com", "v1", "Custom")));
  }

  @Property
  void nothingButMalformedBodyComesOfBrokenBytes(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] body =
        Protobuf.write(
            tree(
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b"}},
                 "spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"1"}},
                 "livenessProbe":{"httpGet":{"port":1}}}]}}"""));
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      body[4 + random.nextInt(body.length - 4)] = (byte) random.nextInt();
    }
    try {
      Protobuf.read(body);
    } catch (MalformedBody expected) {
      assertFalse(expected.getMessage().isEmpty());
    }
  }

  private static Tree tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
