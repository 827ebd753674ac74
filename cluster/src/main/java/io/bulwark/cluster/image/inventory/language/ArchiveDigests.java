package io.bulwark.cluster.image.inventory.language;

import org.jspecify.annotations.Nullable;

/**
 * Knows Java archives by the SHA-1 digest of their bytes, as Maven repositories publish it.
 * Thread-safe.
 */
@FunctionalInterface
public interface ArchiveDigests {
  /** Knows nothing. */
  ArchiveDigests NONE = sha1 -> null;

  /**
   * The archive with this digest, or null if it is not known.
   *
   * @param sha1 20 bytes
   */
  @Nullable Coordinates find(byte[] sha1);
}
