package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;

/** Applies JSON patches, merge patches and strategic merge patches. Thread-safe. */
public final class Patches {
  private final Shapes shapes;

  public Patches(Shapes shapes) {
    this.shapes = shapes;
  }

  /**
   * The patched object, without defaults for what the patch removed.
   *
   * @param current never changed
   * @throws io.bulwark.api.failure.Rejected 400 for a malformed patch, 413 for too many operations,
   *     422 for one that does not apply or whose result is no object of the kind
   */
  public Decoded apply(PatchRequest patch, Tree current, Kind kind) {
    throw new UnsupportedOperationException(shapes.toString());
  }
}
