package io.bulwark.cluster.node.server;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The images in a node's store. Thread-safe. */
public interface ImageContents {
  /** A store without images. */
  ImageContents NONE =
      new ImageContents() {
        @Override
        public @Nullable String digest(String name) {
          return null;
        }

        @Override
        public InputStream open(String digest) throws IOException {
          throw new IOException("there is no " + digest);
        }
      };

  /** The digest of the manifest or index that a full name means; null where it is unknown. */
  @Nullable String digest(String name);

  /**
   * A content by digest.
   *
   * @throws IOException here or while reading, if the store does not have it
   */
  InputStream open(String digest) throws IOException;
}
