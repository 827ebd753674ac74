package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.decode.Shape;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the schema itself says: required fields and the values of enumerations. */
final class SchemaRules {
  /** Fields that the schema requires but that may be empty, which Go does not tell from absent. */
  private static final Set<String> MAY_BE_EMPTY =
      Set.of("v1.HTTPHeader.value", "v1.Sysctl.value", "v1.EnvVar.value");

  private final Checks checks;
  private final boolean required;

  /**
   * @param required whether to look for missing fields too
   */
  SchemaRules(Checks checks, boolean required) {
    this.checks = checks;
    this.required = required;
  }

  void check(@Nullable Object value, Shape shape, String path) {
    switch (value) {
      case Tree tree -> members(tree, shape, path);
      case TreeList list -> {
        for (int i = 0; i < list.size(); i++) {
          check(list.get(i), shape.element(), path + "[" + i + "]");
        }
      }
      case String text -> {
        if (!text.isEmpty()
            && !shape.enumeration().isEmpty()
            && !shape.enumeration().contains(text)) {
          checks.add(FieldError.notSupported(path, text, shape.enumeration()));
        }
      }
      case null, default -> {}
    }
  }

  private void members(Tree tree, Shape shape, String path) {
    if (shape.form() == Shape.Form.MAP) {
      tree.forEach((key, value) -> check(value, shape.element(), path + "[" + key + "]"));
      return;
    }
    if (shape.form() != Shape.Form.STRUCT) {
      return;
    }
    if (required) {
      for (String field : shape.required()) {
        if (missing(tree.get(field), shape.field(field))
            && !MAY_BE_EMPTY.contains(shape.typeName() + "." + field)) {
          checks.required(path + "." + field, "");
        }
      }
    }
    tree.forEach(
        (key, value) -> {
          Shape field = shape.field(key);
          if (field != null) {
            check(value, field, path.isEmpty() ? key : path + "." + key);
          }
        });
  }

  private static boolean missing(@Nullable Object value, @Nullable Shape shape) {
    if (shape == null) {
      return false;
    }
    return switch (shape.form()) {
      case STRING -> value == null || value.equals("");
      case LIST -> value == null || (value instanceof TreeList list && list.isEmpty());
      case INT_OR_STRING -> value == null;
      case STRUCT, MAP, BYTES, TIME, MICRO_TIME, INTEGER, NUMBER, BOOLEAN, QUANTITY, ANY -> false;
    };
  }
}
