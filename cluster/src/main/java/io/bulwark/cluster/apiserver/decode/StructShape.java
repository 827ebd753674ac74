package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.schema.Field;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A struct by itself, apart from the field that holds it. Its fields are looked up when asked. */
final class StructShape implements Shape {
  private final Schema schema;
  private final SchemaShapes shapes;
  private final List<String> required = new ArrayList<>();
  private volatile @Nullable Map<String, Shape> fields;

  StructShape(Schema schema, SchemaShapes shapes) {
    this.schema = schema;
    this.shapes = shapes;
    for (Field field : schema.fields()) {
      if (field.required()) {
        required.add(field.name());
      }
    }
  }

  private Map<String, Shape> resolved() {
    Map<String, Shape> known = fields;
    if (known == null) {
      Map<String, Shape> made = new LinkedHashMap<>();
      for (Field field : schema.fields()) {
        made.put(field.name(), new FieldShape(field.type(), field, shapes));
      }
      known = made;
      fields = made;
    }
    return known;
  }

  @Override
  public Form form() {
    return Form.STRUCT;
  }

  @Override
  public String typeName() {
    String[] parts = schema.name().split("\\.");
    return parts.length < 2
        ? schema.name()
        : parts[parts.length - 2] + "." + parts[parts.length - 1];
  }

  @Override
  public @Nullable Shape field(String name) {
    return resolved().get(name);
  }

  @Override
  public Set<String> fields() {
    return resolved().keySet();
  }

  @Override
  public Shape element() {
    return ANYTHING;
  }

  @Override
  public ListType listType() {
    return ListType.ATOMIC;
  }

  @Override
  public List<String> listKeys() {
    return List.of();
  }

  @Override
  public boolean atomic() {
    return schema.mapType().equals("atomic");
  }

  @Override
  public boolean patchMerges() {
    return false;
  }

  @Override
  public boolean patchRetainsKeys() {
    return false;
  }

  @Override
  public String patchMergeKey() {
    return "";
  }

  @Override
  public @Nullable Object defaultValue() {
    return null;
  }

  @Override
  public Map<String, @Nullable Object> zeros() {
    return Zeros.of(schema.name());
  }

  @Override
  public List<String> required() {
    return required;
  }

  @Override
  public List<String> enumeration() {
    return List.of();
  }

  static Shape of(Type type, SchemaShapes shapes) {
    return switch (type) {
      case Type.ObjectOf(var name) -> shapes.of(name);
      case Type.ListOf _, Type.MapOf _, Type.Scalar _ -> new FieldShape(type, null, shapes);
    };
  }
}
