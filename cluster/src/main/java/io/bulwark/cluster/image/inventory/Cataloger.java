package io.bulwark.cluster.image.inventory;

import java.io.IOException;
import java.util.List;

/**
 * Reads the components that one kind of file shows. Stateless and safe for concurrent use; given
 * hostile bytes it fails with an {@link IOException} or finds nothing, in bounded time and memory.
 */
public interface Cataloger {
  /** Whether the file at this path, absolute inside the image, is worth reading. */
  boolean reads(String path);

  /**
   * Whether {@link ImageFile#distribution} decides what is found. Such a cataloger runs when the
   * whole layer was seen, because archives keep no order.
   */
  default boolean needsDistribution() {
    return false;
  }

  /**
   * The components that the file shows.
   *
   * @throws PartlyRead if the file is damaged but shows something
   * @throws IOException if the file is damaged or larger than the cataloger's bound; the caller
   *     records that against the path and goes on
   */
  List<Component> catalog(ImageFile file) throws IOException;
}
