package io.bulwark.api.schema;

import io.bulwark.api.meta.GroupVersionKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The types of Bulwark's own kinds, read from a table when one is first asked for. They have no
 * protobuf form, as custom resources have none.
 */
final class OwnSchemas {
  static final String PREFIX = "io.bulwark.api.";

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final List<String> TABLES = List.of("image.yaml");
  private static final List<String> TEXTS = new ArrayList<>(List.of(""));

  /** By name. */
  static final Map<String, Schema> TYPES = load();

  private final String group;
  private final String version;
  private final Map<String, Object> types;

  private OwnSchemas(Map<String, Object> table) {
    this.group = text(table, "group");
    this.version = text(table, "version");
    this.types = map(table, "types");
  }

  /**
   * @param index negative, as {@link #note} gave it
   */
  static String description(int index) {
    return TEXTS.get(-index);
  }

  private static Map<String, Schema> load() {
    Map<String, Schema> made = new HashMap<>();
    for (String file : TABLES) {
      try (InputStream in = OwnSchemas.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException(file + " is missing from the class path");
        }
        Object read = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
        Map<String, Object> table = strings(read);
        OwnSchemas own = new OwnSchemas(table);
        own.types.keySet().forEach(type -> own.add(made, type));
        for (Object kind : (List<?>) table.getOrDefault("kinds", List.of())) {
          own.addKind(made, kind.toString());
        }
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
    return Map.copyOf(made);
  }

  private void add(Map<String, Schema> made, String type) {
    Map<String, Object> entry = map(types, type);
    put(made, type, null, text(entry, "description"), fields(entry));
  }

  /** Gives a type what objects that stand alone have, and makes the type of its lists. */
  private void addKind(Map<String, Schema> made, String kind) {
    Map<String, Object> entry = map(types, kind);
    List<Field> fields = fields(entry);
    fields.add(field("metadata", new Type.ObjectOf(META + "ObjectMeta"), Map.of()));
    put(made, kind, kind, text(entry, "description"), standing(fields));
    List<Field> list = new ArrayList<>();
    list.add(field("metadata", new Type.ObjectOf(META + "ListMeta"), Map.of()));
    list.add(
        field(
            "items",
            new Type.ListOf(new Type.ObjectOf(name(kind)), false),
            Map.of("required", true)));
    put(made, kind + "List", kind + "List", kind + "List is a list of them.", standing(list));
  }

  private static List<Field> standing(List<Field> fields) {
    fields.add(field("apiVersion", Type.Scalar.STRING, Map.of()));
    fields.add(field("kind", Type.Scalar.STRING, Map.of()));
    return fields;
  }

  private void put(
      Map<String, Schema> made,
      String type,
      @Nullable String kind,
      String description,
      List<Field> fields) {
    GroupVersionKind standing = kind == null ? null : new GroupVersionKind(group, version, kind);
    made.put(name(type), new Schema(name(type), note(description), "", standing, fields));
  }

  private List<Field> fields(Map<String, Object> entry) {
    List<Field> fields = new ArrayList<>();
    String included = text(entry, "include");
    if (!included.isEmpty()) {
      fields.addAll(fields(map(types, included)));
    }
    map(entry, "fields")
        .forEach(
            (name, value) -> {
              Map<String, Object> field = strings(value);
              fields.add(field(name, type(text(field, "type")), field));
            });
    return fields;
  }

  private Type type(String text) {
    if (text.startsWith("[]")) {
      return new Type.ListOf(type(text.substring(2)), false);
    }
    if (text.startsWith("map[") && text.endsWith("]")) {
      return new Type.MapOf(type(text.substring(4, text.length() - 1)));
    }
    return switch (text) {
      case "string" -> Type.Scalar.STRING;
      case "integer" -> Type.Scalar.INT32;
      case "long" -> Type.Scalar.INT64;
      case "number" -> Type.Scalar.DOUBLE;
      case "boolean" -> Type.Scalar.BOOLEAN;
      case "time" -> Type.Scalar.TIME;
      default -> new Type.ObjectOf(text.contains(".") ? text : name(text));
    };
  }

  private String name(String type) {
    return PREFIX + group.substring(0, group.indexOf('.')) + "." + version + "." + type;
  }

  private static Field field(String name, Type type, Map<String, Object> facts) {
    return new Field(
        name,
        type,
        Boolean.TRUE.equals(facts.get("required")),
        note(text(facts, "description")),
        List.of(),
        "",
        text(facts, "listType"),
        texts(facts, "listMapKeys"),
        "",
        standard(facts.get("default")),
        texts(facts, "enum"),
        List.of(),
        0,
        true);
  }

  /** A scalar as JSON text. */
  private static String standard(@Nullable Object value) {
    return value == null ? "" : value instanceof String ? "\"" + value + "\"" : value.toString();
  }

  private static int note(String description) {
    TEXTS.add(description);
    return 1 - TEXTS.size();
  }

  private static String text(Map<String, Object> map, String key) {
    Object value = map.get(key);
    return value == null ? "" : value.toString();
  }

  private static List<String> texts(Map<String, Object> map, String key) {
    List<String> texts = new ArrayList<>();
    if (map.get(key) instanceof List<?> list) {
      list.forEach(element -> texts.add(element.toString()));
    }
    return texts;
  }

  private static Map<String, Object> map(Map<String, Object> map, String key) {
    return strings(map.get(key));
  }

  private static Map<String, Object> strings(@Nullable Object value) {
    Map<String, Object> strings = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> strings.put(key.toString(), element));
    }
    return strings;
  }
}
