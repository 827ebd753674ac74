package io.bulwark.cluster.image.layer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files by the names that an image layout gives them, in a directory or in one archive. */
interface NamedFiles extends Closeable {
  /** The file, or null if there is none of this name. */
  @Nullable InputStream open(String name) throws IOException;

  @Override
  default void close() throws IOException {}

  /** The files of a directory; what a name or a link means never lies outside it. */
  static NamedFiles in(Path directory) {
    return name -> {
      Path file = directory.resolve(LayerPath.of(name).substring(1));
      return Files.isRegularFile(file) && file.toRealPath().startsWith(directory.toRealPath())
          ? Files.newInputStream(file)
          : null;
    };
  }
}
