package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;

/** Fills in what an object leaves out. Idempotent. Thread-safe. */
public final class Defaults {
  private final Shapes shapes;

  public Defaults(Shapes shapes) {
    this.shapes = shapes;
  }

  /** Changes the object. */
  public void apply(Kind kind, Tree object) {
    throw new UnsupportedOperationException(shapes.toString());
  }
}
