package io.bulwark.cluster.image.layer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * A place that holds contents by digest. What it gives is checked by whoever asked; it need not
 * check anything itself.
 */
public interface Blobs extends Closeable {
  /**
   * The content from its first byte.
   *
   * @throws IOException if it is not there or cannot be reached
   */
  InputStream open(Descriptor descriptor) throws IOException;

  /** Frees what was opened. Repeatable. */
  @Override
  default void close() throws IOException {}
}
