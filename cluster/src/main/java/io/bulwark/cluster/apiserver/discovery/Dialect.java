package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;

/** Where the two versions of OpenAPI differ. */
enum Dialect {
  V2("#/definitions/"),
  V3("#/components/schemas/");

  private final String prefix;

  Dialect(String prefix) {
    this.prefix = prefix;
  }

  /** A bare reference to a definition. */
  Tree reference(String name) {
    return Tree.of("$ref", prefix + name);
  }

  /** A reference that may have a description and extensions beside it. */
  Tree extensible(String name) {
    return this == V2 ? reference(name) : Tree.of("allOf", TreeList.of(reference(name)));
  }
}
