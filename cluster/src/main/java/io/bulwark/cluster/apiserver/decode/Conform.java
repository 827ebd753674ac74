package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree conform to its type in place: drops and collects unknown fields, drops nulls, writes
 * quantities, times and bytes in their canonical form. For one document.
 *
 * <p>Source: what decoding into Go types does to a document upstream.
 */
final class Conform {
  private final List<String> unknown = new ArrayList<>();
  private final List<String> path = new ArrayList<>();
  private final List<String> fields = new ArrayList<>();
  private final boolean keepsNulls;
  private String holder = "";

  Conform() {
    this(false);
  }

  private Conform(boolean keepsNulls) {
    this.keepsNulls = keepsNulls;
  }

  /** Leaves nulls as they are: in an applied configuration they remove. */
  static Conform keepingNulls() {
    return new Conform(true);
  }

  /** Paths of the unknown fields that were dropped, such as {@code spec.containers[0].x}. */
  List<String> unknown() {
    return unknown;
  }

  /**
   * @throws Unmarshal if a value is of the wrong type
   */
  void object(Tree tree, Shape shape) throws Unmarshal {
    if (shape.form() == Shape.Form.ANY) {
      return;
    }
    Tree changed = new Tree();
    List<String> dropped = new ArrayList<>();
    boolean struct = shape.form() == Shape.Form.STRUCT;
    for (int i = 0; i < tree.size(); i++) {
      String key = tree.keyAt(i);
      Object value = tree.valueAt(i);
      Shape type = struct ? shape.field(key) : shape.element();
      path.add(key);
      if (type == null) {
        unknown.add(dotted(path));
        dropped.add(key);
      } else if (value == null && keepsNulls) {
        path.removeLast();
        continue;
      } else if (value == null && (struct || zero(type) == null)) {
        dropped.add(key);
      } else {
        if (struct) {
          fields.add(key);
          holder = shape.typeName().substring(shape.typeName().lastIndexOf('.') + 1) + ".";
        }
        Object accepted = value(value, type, shape);
        if (struct) {
          fields.removeLast();
        }
        if (accepted != value) {
          changed.put(key, accepted);
        }
      }
      path.removeLast();
    }
    dropped.forEach(tree::remove);
    tree.putAll(changed);
  }

  private @Nullable Object value(@Nullable Object value, Shape type, Shape owner) throws Unmarshal {
    if (value == null) {
      return zero(type);
    }
    switch (type.form()) {
      case ANY -> {}
      case STRUCT, MAP -> {
        if (!(value instanceof Tree tree)) {
          throw mismatch(value, type, owner);
        }
        object(tree, type);
      }
      case LIST -> {
        if (!(value instanceof TreeList list)) {
          throw mismatch(value, type, owner);
        }
        elements(list, type, owner);
      }
      case STRING -> {
        if (!(value instanceof String)) {
          throw mismatch(value, type, owner);
        }
      }
      case BOOLEAN -> {
        if (!(value instanceof Boolean)) {
          throw mismatch(value, type, owner);
        }
      }
      case INTEGER -> {
        if (!(value instanceof Long number) || !fits(number, type)) {
          throw mismatch(value, type, owner);
        }
      }
      case NUMBER -> {
        if (!(value instanceof Number)) {
          throw mismatch(value, type, owner);
        }
      }
      case INT_OR_STRING -> {
        if (!(value instanceof String)
            && !(value instanceof Long number && number == number.intValue())) {
          throw mismatch(value, type, owner);
        }
      }
      case QUANTITY -> {
        return Scalars.quantity(value);
      }
      case BYTES -> {
        if (!(value instanceof String text)) {
          throw mismatch(value, type, owner);
        }
        return Scalars.bytes(text);
      }
      case TIME, MICRO_TIME -> {
        if (!(value instanceof String text)) {
          throw mismatch(value, type, owner);
        }
        return Scalars.time(text, type.form() == Shape.Form.MICRO_TIME);
      }
    }
    return value;
  }

  private void elements(TreeList list, Shape type, Shape owner) throws Unmarshal {
    Shape element = type.element();
    for (int i = 0; i < list.size(); i++) {
      path.add("[" + i + "]");
      Object value = list.get(i);
      Object accepted = value(value, element, owner);
      if (accepted != value) {
        list.set(i, accepted);
      }
      path.removeLast();
    }
  }

  /** What null in a list or as the value of a map becomes. */
  private static @Nullable Object zero(Shape type) {
    return switch (type.form()) {
      case STRUCT -> new Tree();
      case STRING -> "";
      case INTEGER, NUMBER, INT_OR_STRING -> 0L;
      case BOOLEAN -> false;
      case QUANTITY -> "0";
      case MAP, LIST, BYTES, TIME, MICRO_TIME, ANY -> null;
    };
  }

  private static boolean fits(long number, Shape type) {
    return !type.typeName().equals("int32") || number == (int) number;
  }

  private Unmarshal mismatch(Object value, Shape type, Shape owner) {
    String found =
        switch (value) {
          case String _ -> "string";
          case Boolean _ -> "bool";
          case Tree _ -> "object";
          case TreeList _ -> "array";
          case Number number -> type.form() == Shape.Form.INTEGER ? "number " + number : "number";
          default -> "value";
        };
    String struct = owner.typeName().substring(owner.typeName().lastIndexOf('.') + 1);
    String field = owner.form() == Shape.Form.STRUCT ? struct + "." : holder;
    return new Unmarshal(
        "json: cannot unmarshal "
            + found
            + " into Go struct field "
            + field
            + String.join(".", fields)
            + " of type "
            + type.typeName());
  }

  private static String dotted(List<String> steps) {
    StringBuilder text = new StringBuilder();
    for (String step : steps) {
      if (!text.isEmpty() && !step.startsWith("[")) {
        text.append('.');
      }
      text.append(step);
    }
    return text.toString();
  }
}
