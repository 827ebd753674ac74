package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How server-side apply sees containers: which are owned as a whole, and who is who in a list. */
final class Elements {
  private Elements() {}

  /** The type of a member of an object; anything where the type has no such field. */
  static Shape member(Shape shape, String key) {
    return switch (shape.form()) {
      case STRUCT -> {
        Shape field = shape.field(key);
        yield field == null ? Shape.ANYTHING : field;
      }
      case MAP -> shape.element();
      default -> Shape.ANYTHING;
    };
  }

  /** Whether a value is owned as a whole. */
  static boolean whole(@Nullable Object value, Shape shape) {
    return switch (value) {
      case Tree _ -> shape.atomic();
      case TreeList _ -> shape.listType() == Shape.ListType.ATOMIC;
      case null, default -> true;
    };
  }

  /** The step to an element of a list that is no whole. */
  static String step(@Nullable Object element, int index, Shape list) {
    if (list.listType() == Shape.ListType.SET) {
      return FieldSet.value(element);
    }
    if (element instanceof Tree tree) {
      Tree keys = keys(tree, list);
      if (keys.size() == list.listKeys().size()) {
        return FieldSet.key(keys);
      }
    }
    return FieldSet.index(index);
  }

  /** Those keys of an element that it has, or that have a default. */
  static Tree keys(Tree element, Shape list) {
    Tree keys = new Tree();
    for (String key : list.listKeys()) {
      Object value = element.get(key);
      Shape type = list.element().field(key);
      if (value == null && type != null) {
        value = type.defaultValue();
      }
      if (value != null) {
        keys.put(key, value);
      }
    }
    return keys;
  }

  /** Elements by step, in order; several elements at one step are duplicates. */
  static Map<String, List<@Nullable Object>> byStep(TreeList list, Shape shape) {
    Map<String, List<@Nullable Object>> elements = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      elements.computeIfAbsent(step(element, i, shape), _ -> new ArrayList<>(1)).add(element);
    }
    return elements;
  }
}
