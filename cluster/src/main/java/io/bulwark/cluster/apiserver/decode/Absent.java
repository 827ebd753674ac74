package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Puts values where there are none. */
final class Absent {
  private Absent() {}

  static void put(Tree tree, String key, Object value) {
    if (tree.get(key) == null) {
      tree.put(key, value);
    }
  }

  /** As {@link #put}, where the empty string counts as absent. */
  static void text(Tree tree, String key, String value) {
    if (blank(tree.get(key))) {
      tree.put(key, value);
    }
  }

  /** As {@link #put}, where zero counts as absent. */
  static void number(Tree tree, String key, long value) {
    Object current = tree.get(key);
    if (current == null || current.equals(0L)) {
      tree.put(key, value);
    }
  }

  private static boolean blank(@Nullable Object value) {
    return value == null || value.equals("");
  }
}
