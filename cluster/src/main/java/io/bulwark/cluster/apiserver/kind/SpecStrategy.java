package io.bulwark.cluster.apiserver.kind;

/**
 * Kinds whose only peculiarities are how they are replaced and deleted; a changed spec makes a new
 * generation.
 *
 * @param unconditionalUpdate whether PUT without resourceVersion overwrites
 * @param returnsDeleted whether deletion answers with the object
 */
record SpecStrategy(boolean unconditionalUpdate, boolean returnsDeleted) implements Strategy {
  static final Strategy CONDITIONAL = new SpecStrategy(false, false);
}
