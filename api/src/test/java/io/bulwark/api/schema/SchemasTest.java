package io.bulwark.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.GroupVersionKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemasTest {
  private static final String CORE = "io.k8s.api.core.v1.";

  @Test
  void knowsHowFieldsMerge() {
    Field containers = field("PodSpec", "containers");
    assertTrue(containers.required());
    assertTrue(containers.merges());
    assertEquals("name", containers.mergeKey());
    assertEquals("map", containers.listType());
    assertEquals(new Type.ListOf(new Type.ObjectOf(CORE + "Container"), false), containers.type());
    assertEquals(List.of("merge", "retainKeys"), field("PodSpec", "volumes").patchStrategies());
    assertEquals(List.of("port", "protocol"), field("ServiceSpec", "ports").listMapKeys());
    assertEquals("atomic", field("ServiceSpec", "selector").mapType());
    assertEquals("atomic", Schemas.type(CORE + "NodeSelector").mapType());
  }

  @Test
  void knowsEnumerationsAndDefaults() {
    assertEquals(
        List.of("Always", "Never", "OnFailure"), field("PodSpec", "restartPolicy").enumeration());
    assertEquals("\"TCP\"", field("ServicePort", "protocol").defaultValue());
  }

  @Test
  void knowsProtobufNumbersOfInlinedFields() {
    Field hostPath = field("Volume", "hostPath");
    assertEquals(List.of(2), hostPath.protobufParents());
    assertEquals(1, hostPath.protobufNumber());
    Field groups =
        Schemas.type("io.k8s.api.admissionregistration.v1.NamedRuleWithOperations")
            .field("apiGroups");
    assertNotNull(groups);
    assertEquals(List.of(2, 2), groups.protobufParents());
  }

  @Test
  void findsTypesByKind() {
    Schema deployment = Schemas.find(new GroupVersionKind("apps", "v1", "Deployment"));
    assertNotNull(deployment);
    assertEquals("io.k8s.api.apps.v1.Deployment", deployment.name());
    assertNotNull(Schemas.find(new GroupVersionKind("policy", "v1", "DeleteOptions")));
    assertNull(Schemas.find(new GroupVersionKind("apps", "v1", "Pod")));
    assertThrows(IllegalArgumentException.class, () -> Schemas.type("io.k8s.Nothing"));
  }

  @Test
  void everyTypeCanBeReadAndRefersToTypesThatExist() {
    int fields = 0;
    for (String name : Schemas.names()) {
      for (Field field : Schemas.type(name).fields()) {
        fields++;
        check(field.type());
      }
    }
    assertTrue(fields > 3000, "only " + fields);
  }

  @Test
  void describesTypesAndFields() {
    assertTrue(Schemas.type(CORE + "Pod").description().contains("collection of containers"));
    assertTrue(field("PodSpec", "nodeName").description().length() > 20);
  }

  private static void check(Type type) {
    switch (type) {
      case Type.ObjectOf object -> assertNotNull(Schemas.find(object.name()), object.name());
      case Type.ListOf list -> check(list.element());
      case Type.MapOf map -> check(map.value());
      case Type.Scalar _ -> {}
    }
  }

  private static Field field(String type, String name) {
    Field field = Schemas.type(CORE + type).field(name);
    assertNotNull(field, type + "." + name);
    return field;
  }
}
