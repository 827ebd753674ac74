package io.bulwark.cluster.image.layer;

import io.bulwark.api.tree.Tree;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of an image's history that made layers. */
final class History {
  private static final int LONGEST = 4096;

  private History() {}

  /** One line for each layer, empty where there is none. */
  static List<String> lines(Tree configuration, int layers) {
    List<String> lines = new ArrayList<>();
    for (Tree entry : configuration.trees("history")) {
      if (!entry.flag("empty_layer") && lines.size() < layers) {
        String line = entry.textOrEmpty("created_by");
        lines.add(line.length() <= LONGEST ? line : line.substring(0, LONGEST));
      }
    }
    while (lines.size() < layers) {
      lines.add("");
    }
    return lines;
  }

  /** When the configuration says that the image was made; null if it does not. */
  static @Nullable Instant created(Tree configuration) {
    try {
      return OffsetDateTime.parse(configuration.textOrEmpty("created")).toInstant();
    } catch (DateTimeException none) {
      return null;
    }
  }
}
