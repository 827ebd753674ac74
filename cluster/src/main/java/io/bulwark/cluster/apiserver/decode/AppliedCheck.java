package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks an applied configuration against its type, in the words of structured merge. */
final class AppliedCheck {
  private final List<String> errors = new ArrayList<>();

  private AppliedCheck() {}

  /** The broken rules as one text, of unknown fields the first in each object; empty for none. */
  static String of(Tree object, Shape shape) {
    AppliedCheck check = new AppliedCheck();
    check.members(object, shape, "");
    return switch (check.errors.size()) {
      case 0 -> "";
      case 1 -> check.errors.getFirst();
      default -> "errors:\n  " + String.join("\n  ", check.errors);
    };
  }

  private void members(Tree tree, Shape shape, String path) {
    for (var member : tree.entrySet()) {
      String below = path + "." + member.getKey();
      boolean struct = shape.form() == Shape.Form.STRUCT;
      Shape type = struct ? shape.field(member.getKey()) : shape.element();
      if (type == null) {
        errors.add(below + ": field not declared in schema");
        return;
      }
      value(member.getValue(), type, below);
    }
  }

  private void value(@Nullable Object value, Shape shape, String path) {
    if (value == null) {
      return;
    }
    switch (shape.form()) {
      case ANY -> {}
      case STRUCT, MAP -> {
        if (value instanceof Tree tree) {
          members(tree, shape, path);
        } else {
          expected("map", value, path);
        }
      }
      case LIST -> {
        if (value instanceof TreeList list) {
          elements(list, shape, path);
        } else {
          expected("list", value, path);
        }
      }
      case STRING, BYTES, TIME, MICRO_TIME -> {
        if (!(value instanceof String)) {
          errors.add(
              path
                  + ": expected string, got &value.valueUnstructured{Value:"
                  + GoText.of(value)
                  + "}");
        }
      }
      case INTEGER, NUMBER -> {
        if (!(value instanceof Number)) {
          expected("numeric (int or float)", value, path);
        }
      }
      case BOOLEAN -> {
        if (!(value instanceof Boolean)) {
          expected("boolean", value, path);
        }
      }
      case INT_OR_STRING, QUANTITY -> {
        if (value instanceof Tree || value instanceof TreeList) {
          expected("scalar", value, path);
        }
      }
    }
  }

  private void elements(TreeList list, Shape shape, String path) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      String step = FieldSet.index(i);
      if (shape.listType() == Shape.ListType.MAP) {
        if (!(element instanceof Tree tree)) {
          errors.add(
              path
                  + ": element "
                  + i
                  + ": associative list with keys may not have non-map elements");
          continue;
        }
        Tree keys = Elements.keys(tree, shape);
        String missing =
            shape.listKeys().stream().filter(key -> !keys.containsKey(key)).findFirst().orElse("");
        if (!missing.isEmpty()) {
          errors.add(
              path
                  + ": element "
                  + i
                  + ": associative list with keys has an element that omits key field \""
                  + missing
                  + "\" (and doesn't have default value)");
          continue;
        }
        step = FieldSet.key(keys);
      } else if (shape.listType() == Shape.ListType.SET) {
        step = FieldSet.value(element);
      }
      if (!seen.add(step)) {
        errors.add(path + ": duplicate entries for key " + FieldSet.readable(step));
      }
      value(element, shape.element(), path + FieldSet.readable(step));
    }
  }

  private void expected(String wanted, Object value, String path) {
    String found =
        switch (value) {
          case String _ -> "string";
          case Boolean _ -> "boolean";
          case Tree _ -> "map";
          case TreeList _ -> "list";
          default -> "numeric (" + Json.text(value) + ")";
        };
    errors.add(path + ": expected " + wanted + ", got " + found);
  }
}
