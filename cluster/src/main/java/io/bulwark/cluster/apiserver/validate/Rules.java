package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;

/** The rules of one kind, beyond schema and metadata. Stateless. */
interface Rules {
  Rules NONE = (_, _) -> {};

  /** The rules of an object by itself. */
  void check(Tree object, Checks checks);

  /** What a change through the main endpoint may not do. */
  default void checkUpdate(Tree object, Tree live, Checks checks) {}

  /** Rules of new objects only. */
  default void checkCreate(Tree object, Checks checks) {}
}
