package io.bulwark.cluster.image.layer;

import java.io.IOException;
import java.io.InputStream;

/** Is shown the entries of a layer in the layer's own order. */
@FunctionalInterface
public interface LayerVisitor {
  /**
   * @param content of a file, to be read during this call or not at all; empty for other entries
   * @throws IOException to end the reading
   */
  void visit(LayerEntry entry, InputStream content) throws IOException;

  /** Is told of a directory that is there but may not be looked into. */
  default void closed(String path) {}
}
