package io.bulwark.cluster.node.server;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;

/**
 * Who sends a request to the node.
 *
 * @param extra as a TokenReview gives it; frozen
 */
record NodeUser(String name, String uid, List<String> groups, Tree extra) {
  NodeUser {
    groups = List.copyOf(groups);
    extra = extra.frozen() ? extra : extra.copy().freeze();
  }

  /** The spec of a SubjectAccessReview that asks about this user. */
  Tree reviewSpec(Tree attributes) {
    Tree spec =
        Tree.of("user", name, "groups", new TreeList(groups), "resourceAttributes", attributes);
    if (!uid.isEmpty()) {
      spec.put("uid", uid);
    }
    if (!extra.isEmpty()) {
      spec.put("extra", extra.copy());
    }
    return spec;
  }
}
