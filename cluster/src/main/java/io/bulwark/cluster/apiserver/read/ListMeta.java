package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a list.
 *
 * @param next the continue token; empty on the last page
 * @param remaining how many items follow; null where that is not known
 */
record ListMeta(long revision, String next, @Nullable Long remaining) {
  Tree tree() {
    Tree tree = Tree.of("resourceVersion", Long.toString(revision));
    if (!next.isEmpty()) {
      tree.put("continue", next);
      if (remaining != null) {
        tree.put("remainingItemCount", remaining);
      }
    }
    return tree;
  }
}
