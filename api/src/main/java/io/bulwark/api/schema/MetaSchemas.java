package io.bulwark.api.schema;

import io.bulwark.api.meta.GroupVersionKind;
import java.util.List;
import java.util.Map;

/** Types that upstream's OpenAPI leaves out but clients send and ask for. */
final class MetaSchemas {
  private static final String PACKAGE = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String PARTIAL = "PartialObjectMetadata";

  /** By name. */
  static final Map<String, Schema> TYPES =
      Map.of(
          PACKAGE + PARTIAL,
          schema(PARTIAL, field("metadata", new Type.ObjectOf(PACKAGE + "ObjectMeta"), 1)),
          PACKAGE + PARTIAL + "List",
          schema(
              PARTIAL + "List",
              field("metadata", new Type.ObjectOf(PACKAGE + "ListMeta"), 1),
              field("items", new Type.ListOf(new Type.ObjectOf(PACKAGE + PARTIAL), false), 2)));

  private MetaSchemas() {}

  /** The name of the type of a kind that every group has, or an empty string. */
  static String name(GroupVersionKind kind) {
    return switch (kind.kind()) {
      case "Status", "APIGroup", "APIGroupList", "APIResourceList", "APIVersions" ->
          kind.group().isEmpty() ? PACKAGE + kind.kind() : "";
      case "DeleteOptions",
          "WatchEvent",
          "CreateOptions",
          "GetOptions",
          "ListOptions",
          "PatchOptions",
          "UpdateOptions" ->
          PACKAGE + kind.kind();
      case "PartialObjectMetadata", "PartialObjectMetadataList" ->
          kind.group().equals("meta.k8s.io") ? PACKAGE + kind.kind() : "";
      default -> "";
    };
  }

  private static Schema schema(String name, Field... fields) {
    List<Field> all = new java.util.ArrayList<>(List.of(fields));
    all.add(field("apiVersion", Type.Scalar.STRING, 0));
    all.add(field("kind", Type.Scalar.STRING, 0));
    return new Schema(PACKAGE + name, 0, "", new GroupVersionKind("meta.k8s.io", "v1", name), all);
  }

  private static Field field(String name, Type type, int number) {
    return new Field(
        name, type, false, 0, List.of(), "", "", List.of(), "", "", List.of(), List.of(), number,
        false);
  }
}
