package io.bulwark.cluster.image.inventory;

import java.io.IOException;
import java.io.InputStream;

/**
 * A regular file of a layer or of a whole file system. Not safe for concurrent use.
 *
 * <p>{@link #open} may be called more than once while {@link Cataloger#catalog} runs and never
 * after it.
 */
public interface ImageFile {
  /** Absolute inside the image, normalized, without {@code .} or {@code ..}. */
  String path();

  /** In bytes. */
  long size();

  /** Whether any execute bit is set. */
  boolean executable();

  /** The content from its first byte. The caller closes it. */
  InputStream open() throws IOException;

  /** What the layers so far say of the distribution; {@link Distribution#UNKNOWN} if nothing. */
  Distribution distribution();
}
