package io.bulwark.api.schema;

import io.bulwark.api.meta.GroupVersionKind;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of all built-in types, named as in upstream's OpenAPI: {@code
 * io.k8s.api.core.v1.PodSpec}. Loaded on first use; each type is made when it is first asked for.
 *
 * <p>Thread-safe.
 */
public final class Schemas {
  private static final SchemaResource RESOURCE = SchemaResource.load();
  private static final Map<String, Schema> MADE = new ConcurrentHashMap<>();

  private Schemas() {}

  /**
   * @throws IllegalArgumentException if there is no such type
   */
  public static Schema type(String name) {
    Schema schema = find(name);
    if (schema == null) {
      throw new IllegalArgumentException("no schema " + name);
    }
    return schema;
  }

  /** The type with a name, or null. */
  public static @Nullable Schema find(String name) {
    Schema made = MADE.get(name);
    if (made != null) {
      return made;
    }
    Schema schema = RESOURCE.read(name);
    if (schema == null && name.startsWith(OwnSchemas.PREFIX)) {
      schema = OwnSchemas.TYPES.get(name);
    }
    if (schema == null) {
      return MetaSchemas.TYPES.get(name);
    }
    Schema first = MADE.putIfAbsent(name, schema);
    return first == null ? schema : first;
  }

  /**
   * The type of the objects (or lists) of a kind of upstream's, which have a protobuf form; null
   * for others.
   */
  public static @Nullable Schema find(GroupVersionKind kind) {
    String common = MetaSchemas.name(kind);
    String name = common.isEmpty() ? Kinds.NAMES.get(kind) : common;
    return name == null ? null : type(name);
  }

  /** The names of all types, sorted. */
  public static Set<String> names() {
    return RESOURCE.names();
  }

  /** The built-in kinds, lists included, with the names of their types. */
  public static Map<GroupVersionKind, String> kinds() {
    return Kinds.NAMES;
  }

  static String description(int index) {
    return index < 0 ? OwnSchemas.description(index) : SchemaDescriptions.text(index);
  }

  /** Made apart, because most callers know names. */
  private static final class Kinds {
    static final Map<GroupVersionKind, String> NAMES = read();

    private static Map<GroupVersionKind, String> read() {
      Map<GroupVersionKind, String> names = new LinkedHashMap<>();
      for (String name : RESOURCE.names()) {
        GroupVersionKind kind = RESOURCE.kind(name);
        if (kind != null) {
          names.put(kind, name);
        }
      }
      return Collections.unmodifiableMap(new HashMap<>(names));
    }
  }
}
