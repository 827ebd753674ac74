package io.bulwark.api.tree;

import org.jspecify.annotations.Nullable;

/** What may stand in a tree, and how it is copied and frozen. */
final class Values {
  private Values() {}

  static @Nullable Object accept(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String string -> string;
      case Long number -> number;
      case Boolean flag -> flag;
      case Tree tree -> tree;
      case TreeList list -> list;
      case Double number -> number;
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      default ->
          throw new IllegalArgumentException(
              value.getClass().getName() + " cannot stand in a tree");
    };
  }

  static @Nullable Object copy(@Nullable Object value) {
    return switch (value) {
      case Tree tree -> tree.copy();
      case TreeList list -> list.copy();
      case null, default -> value;
    };
  }

  static void freeze(@Nullable Object value) {
    switch (value) {
      case Tree tree -> tree.freeze();
      case TreeList list -> list.freeze();
      case null, default -> {}
    }
  }
}
