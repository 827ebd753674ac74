package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Merges objects key by key; null removes.
 *
 * <p>Source: RFC 7386.
 */
final class MergePatch {
  private MergePatch() {}

  /** Changes the target. */
  static void apply(Tree target, Tree patch) {
    for (int i = 0; i < patch.size(); i++) {
      String key = patch.keyAt(i);
      switch (patch.valueAt(i)) {
        case null -> target.remove(key);
        case Tree change -> target.put(key, merged(target.get(key), change));
        case Object value -> target.put(key, value);
      }
    }
  }

  private static Tree merged(@Nullable Object current, Tree change) {
    Tree result = current instanceof Tree tree ? tree : new Tree();
    apply(result, change);
    return result;
  }
}
