package io.bulwark.cluster.apiserver.decode;

/** Finds the type that a {@code Kind} or a subresource names as its schema. Thread-safe. */
@FunctionalInterface
public interface Shapes {
  /** The shape of a schema name; {@link Shape#ANYTHING} where there is none. */
  Shape of(String schema);
}
