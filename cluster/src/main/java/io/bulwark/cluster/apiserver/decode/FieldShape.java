package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.schema.Field;
import io.bulwark.api.schema.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The type of a field with what the field says of it, or a type within a list or map. */
final class FieldShape implements Shape {
  private final Type type;
  private final @Nullable Field field;
  private final SchemaShapes shapes;
  private final Shape inner;
  private final @Nullable Object defaultValue;

  FieldShape(Type type, @Nullable Field field, SchemaShapes shapes) {
    this.type = type;
    this.field = field;
    this.shapes = shapes;
    this.inner =
        switch (type) {
          case Type.ListOf list -> StructShape.of(list.element(), shapes);
          case Type.MapOf map -> StructShape.of(map.value(), shapes);
          case Type.ObjectOf _, Type.Scalar _ -> ANYTHING;
        };
    this.defaultValue = field == null ? null : defaultValue(field);
  }

  /** A zero that cannot be told from absence is no default. */
  private static @Nullable Object defaultValue(Field field) {
    String text = field.defaultValue();
    boolean zero = text.equals("0") || text.equals("false") || text.equals("\"\"");
    return text.isEmpty() || (zero && !field.keepsZero())
        ? null
        : Json.readAny(text.getBytes(StandardCharsets.UTF_8), null);
  }

  private @Nullable Shape struct() {
    return type instanceof Type.ObjectOf object ? shapes.of(object.name()) : null;
  }

  @Override
  public Form form() {
    return switch (type) {
      case Type.ObjectOf object -> shapes.of(object.name()).form();
      case Type.ListOf _ -> Form.LIST;
      case Type.MapOf _ -> Form.MAP;
      case Type.Scalar scalar ->
          switch (scalar) {
            case STRING, DURATION -> Form.STRING;
            case INT32, INT64 -> Form.INTEGER;
            case DOUBLE -> Form.NUMBER;
            case BOOLEAN -> Form.BOOLEAN;
            case BYTES -> Form.BYTES;
            case INT_OR_STRING -> Form.INT_OR_STRING;
            case QUANTITY -> Form.QUANTITY;
            case TIME -> Form.TIME;
            case MICRO_TIME -> Form.MICRO_TIME;
            case RAW_EXTENSION,
                FIELDS_V1,
                JSON,
                SCHEMA_OR_ARRAY,
                SCHEMA_OR_BOOL,
                SCHEMA_OR_STRINGS,
                EMPTY_OBJECT ->
                Form.ANY;
          };
    };
  }

  @Override
  public String typeName() {
    return switch (type) {
      case Type.ObjectOf object -> shapes.of(object.name()).typeName();
      case Type.ListOf _ -> "[]" + inner.typeName();
      case Type.MapOf _ -> "map[string]" + inner.typeName();
      case Type.Scalar scalar ->
          switch (scalar) {
            case STRING, INT_OR_STRING, DURATION -> "string";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case DOUBLE -> "float64";
            case BOOLEAN -> "bool";
            case BYTES -> "[]uint8";
            case QUANTITY -> "resource.Quantity";
            case TIME -> "v1.Time";
            case MICRO_TIME -> "v1.MicroTime";
            case RAW_EXTENSION,
                FIELDS_V1,
                JSON,
                SCHEMA_OR_ARRAY,
                SCHEMA_OR_BOOL,
                SCHEMA_OR_STRINGS,
                EMPTY_OBJECT ->
                "interface {}";
          };
    };
  }

  @Override
  public @Nullable Shape field(String name) {
    Shape struct = struct();
    return struct == null ? ANYTHING.field(name) : struct.field(name);
  }

  @Override
  public Set<String> fields() {
    Shape struct = struct();
    return struct == null ? Set.of() : struct.fields();
  }

  @Override
  public Shape element() {
    return inner;
  }

  @Override
  public ListType listType() {
    return switch (field == null ? "" : field.listType()) {
      case "map" -> ListType.MAP;
      case "set" -> ListType.SET;
      default -> ListType.ATOMIC;
    };
  }

  @Override
  public List<String> listKeys() {
    return field == null ? List.of() : field.listMapKeys();
  }

  @Override
  public boolean atomic() {
    Shape struct = struct();
    return (field != null && field.mapType().equals("atomic"))
        || (struct != null && struct.atomic());
  }

  @Override
  public boolean patchMerges() {
    return field != null && field.merges();
  }

  @Override
  public boolean patchRetainsKeys() {
    return field != null && field.patchStrategies().contains("retainKeys");
  }

  @Override
  public String patchMergeKey() {
    return field == null ? "" : field.mergeKey();
  }

  @Override
  public @Nullable Object defaultValue() {
    return defaultValue;
  }

  @Override
  public boolean keepsZero() {
    return field == null || field.keepsZero();
  }

  @Override
  public Map<String, @Nullable Object> zeros() {
    Shape struct = struct();
    return struct == null ? Map.of() : struct.zeros();
  }

  @Override
  public List<String> required() {
    Shape struct = struct();
    return struct == null ? List.of() : struct.required();
  }

  @Override
  public List<String> enumeration() {
    return field == null ? List.of() : field.enumeration();
  }
}
