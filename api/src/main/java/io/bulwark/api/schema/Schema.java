package io.bulwark.api.schema;

import io.bulwark.api.meta.GroupVersionKind;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An object type. Immutable and thread-safe. */
public final class Schema {
  private final String name;
  private final int text;
  private final String mapType;
  private final @Nullable GroupVersionKind kind;
  private final Map<String, Field> fields;

  Schema(
      String name, int text, String mapType, @Nullable GroupVersionKind kind, List<Field> fields) {
    this.name = name;
    this.text = text;
    this.mapType = mapType;
    this.kind = kind;
    TreeMap<String, Field> byName = new TreeMap<>();
    fields.forEach(field -> byName.put(field.name(), field));
    this.fields = Collections.unmodifiableMap(byName);
  }

  /** As OpenAPI has it, such as {@code io.k8s.api.core.v1.Pod}. */
  public String name() {
    return name;
  }

  /** What the type is for; looked up on each call. */
  public String description() {
    return Schemas.description(text);
  }

  /** {@code atomic} where server-side apply treats the type as one value, else mostly empty. */
  public String mapType() {
    return mapType;
  }

  /** Null where objects of the type do not stand alone. */
  public @Nullable GroupVersionKind kind() {
    return kind;
  }

  /** In the order of their names. */
  public Collection<Field> fields() {
    return fields.values();
  }

  /** The field with a JSON name, or null. */
  public @Nullable Field field(String jsonName) {
    return fields.get(jsonName);
  }

  @Override
  public String toString() {
    return name;
  }
}
