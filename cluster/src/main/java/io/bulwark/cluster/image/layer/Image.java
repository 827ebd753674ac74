package io.bulwark.cluster.image.layer;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image that was found and whose manifest was read and verified. For one thread. */
public interface Image extends AutoCloseable {
  /** How the image was asked for. */
  String reference();

  /** The image's name in full, where it is known, else the reference. */
  String name();

  /** The manifest's digest; null for a directory. */
  @Nullable String digest();

  /** The digest of the index through which the manifest was found, else the manifest's own. */
  default @Nullable String root() {
    return digest();
  }

  /** The architecture that the configuration names, in Go's words; empty where it names none. */
  default String architecture() {
    return "";
  }

  /** The manifest's annotations, and the configuration's labels where the manifest has none. */
  Map<String, String> annotations();

  /** Lowest first. */
  List<ImageLayer> layers();

  /** When the image was made, as its configuration says; null where nothing says it. */
  @Nullable Instant created();

  /** Frees connections and temporary files. Repeatable. */
  @Override
  void close() throws IOException;
}
