package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.Map;

/**
 * Endpoints that may stand in one slice: same family, same ports.
 *
 * @param endpoints by what tells them apart
 */
record SliceGroup(Key key, Map<String, Tree> endpoints) {
  /**
   * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
   */
  record Key(String addressType, TreeList ports) {
    Key {
      ports.freeze();
    }

    static Key of(Tree slice) {
      return new Key(slice.textOrEmpty("addressType"), slice.list("ports"));
    }
  }

  /** What tells an endpoint of a slice apart from the others. */
  static String identity(Tree endpoint) {
    String uid = endpoint.textOrEmpty("targetRef", "uid");
    return uid + "/" + String.join(",", endpoint.texts("addresses"));
  }
}
