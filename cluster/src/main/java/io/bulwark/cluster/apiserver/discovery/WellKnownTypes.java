package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.schema.Type;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.jspecify.annotations.Nullable;

/** Types that are no objects with fields but have a definition of their own. */
final class WellKnownTypes {
  private static final String EXTENSIONS =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
  private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
  private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
  private static final String RAW = "io.k8s.apimachinery.pkg.runtime.RawExtension";

  private WellKnownTypes() {}

  /** The name of the definition of a scalar, or null where it is written in place. */
  static @Nullable String name(Type.Scalar scalar) {
    return switch (scalar) {
      case QUANTITY -> QUANTITY;
      case INT_OR_STRING -> INT_OR_STRING;
      case TIME -> Definitions.META + "Time";
      case MICRO_TIME -> Definitions.META + "MicroTime";
      case DURATION -> Definitions.META + "Duration";
      case FIELDS_V1 -> Definitions.META + "FieldsV1";
      case RAW_EXTENSION -> RAW;
      case JSON -> EXTENSIONS + "JSON";
      case SCHEMA_OR_ARRAY -> EXTENSIONS + "JSONSchemaPropsOrArray";
      case SCHEMA_OR_BOOL -> EXTENSIONS + "JSONSchemaPropsOrBool";
      case SCHEMA_OR_STRINGS -> EXTENSIONS + "JSONSchemaPropsOrStringArray";
      case STRING, INT32, INT64, DOUBLE, BOOLEAN, BYTES, EMPTY_OBJECT -> null;
    };
  }

  /** The definition with a name, or null where it is not one of these types. */
  static @Nullable Tree definition(String name, Dialect dialect) {
    if (name.startsWith(EXTENSIONS)) {
      return switch (name.substring(EXTENSIONS.length())) {
        case "JSON" -> Tree.of("description", "Any valid JSON value.");
        case "JSONSchemaPropsOrArray" ->
            Tree.of("description", "One JSON schema, or a list of them.");
        case "JSONSchemaPropsOrBool" ->
            Tree.of("description", "A JSON schema, or whether anything is allowed.");
        case "JSONSchemaPropsOrStringArray" ->
            Tree.of("description", "A JSON schema, or a list of names.");
        default -> null;
      };
    }
    return switch (name) {
      case QUANTITY ->
          either(
              dialect,
              "number",
              null,
              "An amount, exact to a billionth: a decimal number with an optional suffix of the SI"
                  + " (m, k, M, G, ...), of powers of 1024 (Ki, Mi, Gi, ...) or an exponent (e3).");
      case INT_OR_STRING ->
          either(dialect, "integer", "int-or-string", "A whole number or a string.");
      case Definitions.META + "Time" ->
          formatted("date-time", "A point in time as RFC 3339 writes it, to the second.");
      case Definitions.META + "MicroTime" ->
          formatted("date-time", "A point in time as RFC 3339 writes it, to the microsecond.");
      case Definitions.META + "Duration" -> formatted(null, "A duration such as 1h2m3s.");
      case Definitions.META + "FieldsV1" ->
          Tree.of(
              "description",
              "The fields of an object as a tree of maps: \"f:<name>\" is a field, \"v:<value>\" an"
                  + " element of a set, \"k:<keys>\" an element with those keys, \"i:<index>\" an"
                  + " element at a position, \".\" the thing itself.",
              "type",
              "object");
      case RAW -> Tree.of("description", "An object of any kind, kept as it is.", "type", "object");
      default -> null;
    };
  }

  private static Tree formatted(@Nullable String format, String description) {
    Tree tree = Tree.of("description", description, "type", "string");
    if (format != null) {
      tree.put("format", format);
    }
    return tree;
  }

  private static Tree either(
      Dialect dialect, String other, @Nullable String format, String description) {
    Tree tree = formatted(format, description);
    if (dialect == Dialect.V3) {
      tree.remove("type");
      tree.put("oneOf", TreeList.of(Tree.of("type", "string"), Tree.of("type", other)));
    }
    return tree;
  }
}
