package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.decode.Shapes;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.util.List;

/** Checks objects against their schema, the rules of metadata and those of their kind. */
public final class Validator {
  private final Shapes shapes;

  public Validator(Shapes shapes) {
    this.shapes = shapes;
  }

  /** All broken rules of a new object with its defaults; empty for none. */
  public List<FieldError> validate(Kind kind, Tree object) {
    throw new UnsupportedOperationException(shapes.toString());
  }

  /** All broken rules of a changed object, those that forbid the change included. */
  public List<FieldError> validateUpdate(Kind kind, Tree object, Tree live) {
    throw new UnsupportedOperationException(shapes.toString());
  }

  /** As {@link #validateUpdate}, for a change through a subresource such as {@code status}. */
  public List<FieldError> validateUpdate(Kind kind, String subresource, Tree object, Tree live) {
    throw new UnsupportedOperationException(shapes.toString());
  }
}
