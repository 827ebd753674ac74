package io.bulwark.cluster.image.layer;

/** Knows how many bytes came. */
interface CountedBytes {
  long count();
}
