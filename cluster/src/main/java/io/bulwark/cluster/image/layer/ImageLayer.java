package io.bulwark.cluster.image.layer;

import java.io.IOException;

/** One layer of an image that was opened. Not safe for concurrent use. */
public interface ImageLayer {
  /** As the manifest names it; empty for a directory. */
  String digest();

  /** Of the decompressed archive, as the configuration names it; empty for a directory. */
  String contentDigest();

  /** In bytes, as the manifest gives it; 0 for a directory. */
  long size();

  /** The history line, empty if there is none. */
  String createdBy();

  /**
   * Shows every entry, then checks that content, sizes and digests were what the image says. What
   * the visitor saw is to be believed only if this returns. May be called again.
   *
   * @throws RefusedImage if the layer lies, is damaged or goes beyond a bound
   * @throws IOException if it cannot be read, or from the visitor
   */
  void read(LayerVisitor visitor) throws IOException;
}
