package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Makes the next state of an object from the live one; may be asked again after a lost race. */
interface Change {
  /**
   * The next state, which the caller may change.
   *
   * @param live never changed; null where there is no object yet and one may be made
   */
  Tree next(@Nullable Tree live);

  /** Whether the next state's managed fields are already right. */
  default boolean applies() {
    return false;
  }

  /** Whether a missing object is made. */
  default boolean creates() {
    return false;
  }
}
