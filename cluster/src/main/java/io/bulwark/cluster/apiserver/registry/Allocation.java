package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Gives objects what only one of them may have, such as addresses. Thread-safe. */
interface Allocation {
  /** For kinds that need nothing. */
  Allocation NONE =
      new Allocation() {
        @Override
        public Claim claim(Tree object, @Nullable Tree live, boolean dryRun) {
          return Claim.NOTHING;
        }

        @Override
        public void release(Tree deleted) {}
      };

  /**
   * Fills in the object.
   *
   * @param live null for a new object
   * @throws io.bulwark.api.failure.Rejected where what was asked for is taken or none is left
   */
  Claim claim(Tree object, @Nullable Tree live, boolean dryRun);

  /** An object is gone. */
  void release(Tree deleted);

  /** Ends exactly one way. */
  interface Claim {
    Claim NOTHING =
        new Claim() {
          @Override
          public void keep() {}

          @Override
          public void undo() {}
        };

    /** The object was stored. */
    void keep();

    /** The object was not stored. */
    void undo();

    default void end(boolean stored) {
      if (stored) {
        keep();
      } else {
        undo();
      }
    }
  }
}
