package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes columns and the cells that several kinds share. */
final class Columns {
  static final String NONE = "<none>";

  private Columns() {}

  static Column name() {
    return name(Meta::name);
  }

  /** The name column with a mark in some rows. */
  static Column name(Function<Tree, @Nullable Object> cell) {
    return new Column(
        "Name",
        "string",
        "name",
        "Name must be unique within a namespace. Is required when creating resources, although"
            + " some resources may allow a client to request the generation of an appropriate name"
            + " automatically.",
        0,
        cell);
  }

  /** What kinds without columns of their own show beside the name. */
  static Column created() {
    return new Column(
        "Created At",
        "date",
        "",
        "Time at which the object was created.",
        0,
        object -> object.text("metadata", "creationTimestamp"));
  }

  static Column bool(String name, String description, Function<Tree, @Nullable Object> cell) {
    return new Column(name, "boolean", "", description, 0, cell);
  }

  /** A flag of the spec that has the column's name in camel case. */
  static Column flag(String name, String description) {
    String field = Character.toLowerCase(name.charAt(0)) + name.substring(1);
    return bool(name, description, object -> object.flag("spec", field));
  }

  static Column text(String name, String description, Function<Tree, @Nullable Object> cell) {
    return new Column(name, "string", "", description, 0, cell);
  }

  static Column wide(String name, String description, Function<Tree, @Nullable Object> cell) {
    return new Column(name, "string", "", description, 1, cell);
  }

  /** A number in a column that says it has texts: so upstream has them for Deployments. */
  static Column printed(String name, String description, Function<Tree, @Nullable Object> cell) {
    return text(name, description, cell);
  }

  static Column integer(String name, String description, Function<Tree, @Nullable Object> cell) {
    return new Column(name, "integer", "", description, 0, cell);
  }

  /** {@code a=b,c=d}, or {@code <none>}. */
  static String labels(Tree labels) {
    if (labels.isEmpty()) {
      return NONE;
    }
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(","));
  }

  /** {@code a=b,c in (d,e)}, or {@code <none>}. */
  static String selector(Tree selector) {
    Tree equal = selector.treeOrEmpty("matchLabels");
    List<Tree> expressions = selector.trees("matchExpressions");
    if (equal.isEmpty() && expressions.isEmpty()) {
      return NONE;
    }
    Map<String, String> parts = new java.util.TreeMap<>();
    equal.forEach((key, value) -> parts.put(key, key + "=" + value));
    for (Tree expression : expressions) {
      String key = expression.textOrEmpty("key");
      String values =
          expression.texts("values").stream().sorted().collect(Collectors.joining(",", "(", ")"));
      parts.merge(
          key,
          switch (expression.textOrEmpty("operator")) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
          },
          (one, other) -> one + "," + other);
    }
    return String.join(",", parts.values());
  }

  static String containers(Tree podSpec) {
    return joined(podSpec, "name");
  }

  static String images(Tree podSpec) {
    return joined(podSpec, "image");
  }

  private static String joined(Tree podSpec, String field) {
    return podSpec.trees("containers").stream()
        .map(container -> container.textOrEmpty(field))
        .collect(Collectors.joining(","));
  }

  static String orNone(@Nullable String text) {
    return text == null || text.isEmpty() ? NONE : text;
  }
}
