package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges objects by what the schema says of their lists: elements meet by key or value.
 *
 * <p>Source: "Update API Objects in Place Using kubectl patch" and upstream's strategic merge patch
 * contributor guide.
 */
final class StrategicMerge {
  static final String DIRECTIVE = "$patch";
  static final String RETAIN_KEYS = "$retainKeys";
  static final String ORDER = "$setElementOrder/";
  static final String DELETE_VALUES = "$deleteFromPrimitiveList/";

  private static final Set<String> DIRECTIVES = Set.of("replace", "delete", "merge");

  private StrategicMerge() {}

  /**
   * @param target changed
   * @return the merged object, which is another one where the patch replaces it
   * @throws PatchRefused if a directive is malformed
   */
  static Tree apply(Tree target, Tree patch, Shape shape) throws PatchRefused {
    String directive = directive(patch);
    if (directive.equals("replace")) {
      Tree replacement = patch.copy();
      replacement.remove(DIRECTIVE);
      return replacement;
    }
    if (directive.equals("delete")) {
      return new Tree();
    }
    retainKeys(target, patch);
    for (int i = 0; i < patch.size(); i++) {
      String key = patch.keyAt(i);
      Object change = patch.valueAt(i);
      if (key.equals(DIRECTIVE) || key.equals(RETAIN_KEYS)) {
        continue;
      }
      if (key.startsWith(ORDER)) {
        checkOrder(key, change);
        String field = key.substring(ORDER.length());
        if (!patch.containsKey(field)) {
          merge(target, field, new TreeList(), patch, child(shape, field));
        }
      } else if (key.startsWith(DELETE_VALUES)) {
        deleteValues(target, key.substring(DELETE_VALUES.length()), change);
      } else {
        merge(target, key, change, patch, child(shape, key));
      }
    }
    return target;
  }

  private static void merge(
      Tree target, String key, @Nullable Object change, Tree patch, Shape shape)
      throws PatchRefused {
    Object current = target.get(key);
    switch (change) {
      case null -> target.remove(key);
      case Tree tree -> {
        if (current instanceof Tree existing) {
          Tree merged = apply(existing, tree, shape);
          if (directive(tree).equals("delete")) {
            target.remove(key);
          } else {
            target.put(key, merged);
          }
        } else if (!directive(tree).equals("delete")) {
          target.put(key, apply(new Tree(), tree, shape));
        }
      }
      case TreeList list when shape.patchMerges() -> {
        TreeList order = patch.get(ORDER + key) instanceof TreeList given ? given : null;
        TreeList existing = current instanceof TreeList have ? have : new TreeList();
        TreeList merged = new ListMerge(shape).merge(existing, list, order);
        if (current != null || !merged.isEmpty() || order == null) {
          target.put(key, merged);
        }
      }
      case TreeList list -> {
        if (patch.containsKey(key)) {
          target.put(key, withoutDirectives(list));
        }
      }
      case Object scalar -> target.put(key, scalar);
    }
  }

  static String directive(Tree patch) throws PatchRefused {
    Object value = patch.get(DIRECTIVE);
    if (value == null) {
      return "";
    }
    if (value instanceof String text && DIRECTIVES.contains(text)) {
      return text;
    }
    throw new PatchRefused("unknown patch type: " + value);
  }

  private static void retainKeys(Tree target, Tree patch) throws PatchRefused {
    if (!patch.containsKey(RETAIN_KEYS)) {
      return;
    }
    if (!(patch.get(RETAIN_KEYS) instanceof TreeList keys)) {
      throw new PatchRefused("invalid patch format of retainKeys");
    }
    List<String> kept = keys.texts();
    for (String key : patch.keySet()) {
      if (!key.startsWith("$") && patch.get(key) != null && !kept.contains(key)) {
        throw new PatchRefused("invalid patch format of retainKeys");
      }
    }
    target.keySet().retainAll(kept);
  }

  private static void checkOrder(String key, @Nullable Object order) throws PatchRefused {
    if (!(order instanceof TreeList)) {
      throw new PatchRefused("invalid patch format of setElementOrder list: " + key);
    }
  }

  private static void deleteValues(Tree target, String field, @Nullable Object values)
      throws PatchRefused {
    if (!(values instanceof TreeList list)) {
      throw new PatchRefused("invalid patch format of primitive list");
    }
    if (target.get(field) instanceof TreeList current) {
      current.removeIf(list::contains);
    }
  }

  private static TreeList withoutDirectives(TreeList list) {
    TreeList plain = list.copy();
    plain.removeIf(
        element -> element instanceof Tree tree && tree.size() == 1 && tree.containsKey(DIRECTIVE));
    return plain;
  }

  private static Shape child(Shape shape, String key) {
    return switch (shape.form()) {
      case MAP -> shape.element();
      case STRUCT -> {
        Shape field = shape.field(key);
        yield field == null ? Shape.ANYTHING : field;
      }
      default -> Shape.ANYTHING;
    };
  }
}
