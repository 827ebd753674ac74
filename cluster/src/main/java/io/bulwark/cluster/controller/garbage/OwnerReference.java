package io.bulwark.cluster.controller.garbage;

import io.bulwark.api.tree.Tree;

/**
 * Whom an object names as its owner.
 *
 * @param blocks whether the owner waits for the object in foreground deletion
 */
record OwnerReference(String apiVersion, String kind, String name, String uid, boolean blocks) {
  static OwnerReference of(Tree reference) {
    return new OwnerReference(
        reference.textOrEmpty("apiVersion"),
        reference.textOrEmpty("kind"),
        reference.textOrEmpty("name"),
        reference.textOrEmpty("uid"),
        reference.flag("blockOwnerDeletion"));
  }
}
