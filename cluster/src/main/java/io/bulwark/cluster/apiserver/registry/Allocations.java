package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Two allocations one after the other.
 *
 * @param first is undone where the second refuses
 */
record Allocations(Allocation first, Allocation second) implements Allocation {
  @Override
  public Claim claim(Tree object, @Nullable Tree live, boolean dryRun) {
    Claim one = first.claim(object, live, dryRun);
    try {
      return new Both(one, second.claim(object, live, dryRun));
    } catch (RuntimeException refused) {
      one.undo();
      throw refused;
    }
  }

  @Override
  public void release(Tree deleted) {
    first.release(deleted);
    second.release(deleted);
  }

  private record Both(Claim one, Claim other) implements Claim {
    @Override
    public void keep() {
      one.keep();
      other.keep();
    }

    @Override
    public void undo() {
      other.undo();
      one.undo();
    }
  }
}
