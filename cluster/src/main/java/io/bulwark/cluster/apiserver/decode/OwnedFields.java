package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.jspecify.annotations.Nullable;

/** The places that an applied configuration claims, and what removing places does to an object. */
final class OwnedFields {
  private OwnedFields() {}

  static FieldSet of(Tree object, Shape shape) {
    FieldSet set = new FieldSet();
    members(object, shape, set);
    return set.trim();
  }

  private static void claim(@Nullable Object value, Shape shape, FieldSet at) {
    if (value == null || Elements.whole(value, shape)) {
      at.insert();
      return;
    }
    switch (value) {
      case Tree tree -> members(tree, shape, at);
      case TreeList list -> {
        for (int i = 0; i < list.size(); i++) {
          FieldSet element = at.below(Elements.step(list.get(i), i, shape));
          claim(list.get(i), shape.element(), element);
          element.insert();
        }
      }
      default -> at.insert();
    }
  }

  private static void members(Tree tree, Shape shape, FieldSet at) {
    for (int i = 0; i < tree.size(); i++) {
      String key = tree.keyAt(i);
      Object value = tree.valueAt(i);
      FieldSet below = at.below(FieldSet.field(key));
      claim(value, Elements.member(shape, key), below);
      boolean named = shape.form() == Shape.Form.STRUCT && shape.field(key) != null;
      if (!named || (value instanceof Tree tip && tip.isEmpty())) {
        below.insert();
      }
    }
  }

  /** A copy in which every named field on the way to a place is a place itself. */
  static FieldSet withNamedParents(FieldSet set, Shape shape) {
    FieldSet result = new FieldSet();
    if (set.member()) {
      result.insert();
    }
    set.children()
        .forEach(
            (step, child) -> {
              boolean field = step.startsWith("f:");
              Shape below = field ? Elements.member(shape, step.substring(2)) : shape.element();
              FieldSet deeper = withNamedParents(child, below);
              if (field
                  && shape.form() == Shape.Form.STRUCT
                  && shape.field(step.substring(2)) != null) {
                deeper.insert();
              }
              result.below(step).add(deeper);
            });
    return result;
  }

  /** Removes places, and containers that this leaves empty. Changes the object. */
  static void remove(Tree object, FieldSet places, Shape shape) {
    places
        .children()
        .forEach(
            (step, set) -> {
              String key = step.substring(2);
              if (!step.startsWith("f:") || !object.containsKey(key)) {
                return;
              }
              if (set.member() || emptied(object.get(key), set, Elements.member(shape, key))) {
                object.remove(key);
              }
            });
  }

  private static boolean emptied(@Nullable Object value, FieldSet places, Shape shape) {
    if (places.children().isEmpty() || Elements.whole(value, shape)) {
      return false;
    }
    switch (value) {
      case Tree tree -> {
        boolean had = !tree.isEmpty();
        remove(tree, places, shape);
        return had && tree.isEmpty();
      }
      case TreeList list -> {
        boolean had = !list.isEmpty();
        TreeList kept = new TreeList();
        for (int i = 0; i < list.size(); i++) {
          FieldSet set = places.child(Elements.step(list.get(i), i, shape));
          if (set == null || (!set.member() && !emptied(list.get(i), set, shape.element()))) {
            kept.add(list.get(i));
          }
        }
        list.clear();
        list.addAll(kept);
        return had && list.isEmpty();
      }
      case null, default -> {
        return false;
      }
    }
  }
}
