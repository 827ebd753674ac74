package io.bulwark.client;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Hears what changed in an {@link Informer}'s cache. */
@FunctionalInterface
public interface ChangeHandler {
  /**
   * Called in order of revision, on the informer's one thread: return quickly and never block.
   *
   * @param before null when the object is new
   * @param after null when the object is gone; then {@code before} is the last known state
   */
  void changed(@Nullable Tree before, @Nullable Tree after);
}
