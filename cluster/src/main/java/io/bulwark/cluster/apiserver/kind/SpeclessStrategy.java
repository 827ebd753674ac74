package io.bulwark.cluster.apiserver.kind;

/**
 * Kinds without a spec: they have no generation.
 *
 * @param unconditionalUpdate whether PUT without resourceVersion overwrites
 * @param createOnUpdate whether PUT of a missing object creates it
 * @param returnsDeleted whether deletion answers with the object
 */
record SpeclessStrategy(boolean unconditionalUpdate, boolean createOnUpdate, boolean returnsDeleted)
    implements Strategy {
  static final Strategy UNCONDITIONAL = new SpeclessStrategy(true, false, false);
  static final Strategy CREATE_ON_UPDATE = new SpeclessStrategy(true, true, false);

  @Override
  public boolean generation() {
    return false;
  }
}
