package io.bulwark.cluster.controller.loop;

import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;

/** Why a request was refused, as far as controllers act on it. */
public final class Refusals {
  private Refusals() {}

  /** Whether the object could not be made because its namespace is being deleted. */
  public static boolean namespaceTerminating(ApiException refused) {
    if (refused.code() != 403) {
      return false;
    }
    for (Tree cause : refused.status().trees("details", "causes")) {
      if ("NamespaceTerminating".equals(cause.text("reason"))) {
        return true;
      }
    }
    return false;
  }
}
