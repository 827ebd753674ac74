package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.schema.Field;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.schema.Type;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The definitions that a document refers to, found by following references. For one thread. */
final class Definitions {
  static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String GVK = "x-kubernetes-group-version-kind";

  private final Dialect dialect;
  private final List<GroupVersion> versions;
  private final TreeMap<String, Tree> made = new TreeMap<>();
  private final Deque<String> waiting = new ArrayDeque<>();

  /**
   * @param versions that the document describes: in each of them there are delete options
   */
  Definitions(Dialect dialect, List<GroupVersion> versions) {
    this.dialect = dialect;
    this.versions = versions;
  }

  /** A reference to a type, whose definition is added. */
  Tree reference(String name) {
    want(name);
    return dialect.reference(name);
  }

  boolean knows(String name) {
    return Schemas.find(name) != null || WellKnownTypes.definition(name, dialect) != null;
  }

  /** All definitions that were asked for, and those that they refer to. */
  Tree tree() {
    while (!waiting.isEmpty()) {
      String name = waiting.pop();
      made.put(name, definition(name));
    }
    Tree tree = new Tree();
    tree.putAll(made);
    return tree;
  }

  private void want(String name) {
    if (!made.containsKey(name)) {
      made.put(name, new Tree());
      waiting.push(name);
    }
  }

  private Tree definition(String name) {
    Tree known = WellKnownTypes.definition(name, dialect);
    if (known != null) {
      return known;
    }
    Schema schema = Schemas.type(name);
    Tree tree = new Tree();
    if (!schema.description().isEmpty()) {
      tree.put("description", schema.description());
    }
    tree.put("type", "object");
    TreeList required = new TreeList();
    Tree properties = new Tree();
    for (Field field : schema.fields()) {
      properties.put(field.name(), property(field));
      if (field.required()) {
        required.add(field.name());
      }
    }
    if (!properties.isEmpty()) {
      tree.put("properties", properties);
    }
    if (!required.isEmpty()) {
      tree.put("required", required);
    }
    TreeList kinds = kinds(schema);
    if (!kinds.isEmpty()) {
      tree.put(GVK, kinds);
    }
    if (!schema.mapType().isEmpty()) {
      tree.put("x-kubernetes-map-type", schema.mapType());
    }
    return tree;
  }

  private TreeList kinds(Schema schema) {
    TreeList kinds = new TreeList();
    if (schema.name().equals(META + "DeleteOptions") || schema.name().equals(META + "WatchEvent")) {
      String kind = schema.name().substring(META.length());
      for (GroupVersion version : versions) {
        kinds.add(
            AggregatedDiscovery.kind(
                new GroupVersionKind(version.group(), version.version(), kind)));
      }
      return kinds;
    }
    GroupVersionKind own =
        schema.name().equals(META + "Status")
            ? new GroupVersionKind("", "v1", "Status")
            : schema.kind();
    if (own != null) {
      kinds.add(AggregatedDiscovery.kind(own));
    }
    return kinds;
  }

  private Tree property(Field field) {
    Tree tree = type(field.type(), true);
    String description = description(field);
    if (!description.isEmpty()) {
      tree.put("description", description);
    }
    if (!field.defaultValue().isEmpty()) {
      tree.put(
          "default", Json.readAny(field.defaultValue().getBytes(StandardCharsets.UTF_8), null));
    }
    if (!field.enumeration().isEmpty()) {
      Tree strings = tree.get("items") instanceof Tree items ? items : tree;
      strings.put("enum", new TreeList(field.enumeration()));
    }
    extension(tree, "list-type", field.listType());
    if (!field.listMapKeys().isEmpty()) {
      tree.put("x-kubernetes-list-map-keys", new TreeList(field.listMapKeys()));
    }
    extension(tree, "map-type", field.mapType());
    extension(tree, "patch-merge-key", field.mergeKey());
    extension(tree, "patch-strategy", String.join(",", field.patchStrategies()));
    return tree;
  }

  /** The models say nothing about fields that refer to a type: what the type is must do. */
  private static String description(Field field) {
    String own = field.description();
    if (own.isEmpty() && field.type() instanceof Type.ObjectOf object) {
      return object.schema().description();
    }
    StringBuilder text = new StringBuilder(own);
    if (!field.enumeration().isEmpty() && !(field.type() instanceof Type.ListOf)) {
      text.append("\n\nPossible enum values:");
      field.enumeration().stream()
          .sorted()
          .forEach(value -> text.append("\n - `\"").append(value).append("\"`"));
    }
    return text.toString();
  }

  private static void extension(Tree tree, String name, String value) {
    if (!value.isEmpty()) {
      tree.put("x-kubernetes-" + name, value);
    }
  }

  private Tree type(Type type, boolean extensible) {
    return switch (type) {
      case Type.ObjectOf object -> reference(object.name(), extensible);
      case Type.ListOf list -> Tree.of("type", "array", "items", type(list.element(), true));
      case Type.MapOf map ->
          Tree.of("type", "object", "additionalProperties", type(map.value(), true));
      case Type.Scalar scalar -> {
        String named = WellKnownTypes.name(scalar);
        yield named == null ? plain(scalar) : reference(named, extensible);
      }
    };
  }

  private Tree reference(String name, boolean extensible) {
    want(name);
    return extensible ? dialect.extensible(name) : dialect.reference(name);
  }

  private static Tree plain(Type.Scalar scalar) {
    return switch (scalar) {
      case INT32 -> Tree.of("type", "integer", "format", "int32");
      case INT64 -> Tree.of("type", "integer", "format", "int64");
      case DOUBLE -> Tree.of("type", "number", "format", "double");
      case BOOLEAN -> Tree.of("type", "boolean");
      case BYTES -> Tree.of("type", "string", "format", "byte");
      case EMPTY_OBJECT -> Tree.of("type", "object");
      default -> Tree.of("type", "string");
    };
  }

  /** The kind as an extension of an operation, or nothing where there is none. */
  static void mark(Tree operation, @Nullable GroupVersionKind kind) {
    if (kind != null) {
      operation.put(GVK, AggregatedDiscovery.kind(kind));
    }
  }
}
