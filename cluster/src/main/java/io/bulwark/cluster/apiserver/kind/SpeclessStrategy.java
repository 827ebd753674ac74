package io.bulwark.cluster.apiserver.kind;

/**
 * Kinds without a spec: they have no generation.
 *
 * @param unconditionalUpdate whether PUT without resourceVersion overwrites
 * @param createOnUpdate whether PUT of a missing object creates it
 */
record SpeclessStrategy(boolean unconditionalUpdate, boolean createOnUpdate) implements Strategy {
  static final Strategy UNCONDITIONAL = new SpeclessStrategy(true, false);
  static final Strategy CREATE_ON_UPDATE = new SpeclessStrategy(true, true);

  @Override
  public boolean generation() {
    return false;
  }
}
