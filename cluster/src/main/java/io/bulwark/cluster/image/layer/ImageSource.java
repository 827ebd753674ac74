package io.bulwark.cluster.image.layer;

import java.io.IOException;

/**
 * Where an image comes from: a registry, a node's store, an archive, or the directory that it was
 * unpacked to.
 */
@FunctionalInterface
public interface ImageSource {
  /**
   * Finds the image and reads its manifest, not its layers.
   *
   * @throws RefusedImage if it lies, is damaged or goes beyond a bound
   * @throws IOException if it is not there or cannot be reached; the message says which
   */
  Image open() throws IOException;
}
