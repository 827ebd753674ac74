package io.bulwark.cluster.apiserver.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One clause of an Accept header.
 *
 * @param media lower case, such as {@code application/json} or {@code *}{@code /*}
 */
record MediaRange(String media, double quality, Map<String, String> parameters) {
  /** The clauses, best first; a missing header accepts everything. */
  static List<MediaRange> parse(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return List.of(new MediaRange("*/*", 1, Map.of()));
    }
    List<MediaRange> ranges = new ArrayList<>();
    for (String clause : header.split(",", -1)) {
      if (!clause.isBlank()) {
        ranges.add(clause(clause));
      }
    }
    ranges.sort((a, b) -> Double.compare(b.quality, a.quality));
    return ranges;
  }

  private static MediaRange clause(String clause) {
    String[] parts = clause.split(";", -1);
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        parameters.put(
            parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1).strip());
      }
    }
    return new MediaRange(
        parts[0].strip().toLowerCase(Locale.ROOT), quality(parameters.get("q")), parameters);
  }

  private static double quality(@Nullable String text) {
    try {
      return text == null ? 1 : Double.parseDouble(text);
    } catch (NumberFormatException malformed) {
      return 1;
    }
  }

  boolean matches(String mediaType) {
    // The form with "@" is what kubectl before 1.26 sends.
    String wanted = media.replace(".spec.v2@v1.0", ".spec.v2.v1.0");
    return wanted.equals("*/*")
        || wanted.equals(mediaType)
        || (wanted.endsWith("/*")
            && mediaType.startsWith(wanted.substring(0, wanted.length() - 1)));
  }

  /** The version of aggregated discovery that this clause asks for, or null where it does not. */
  @Nullable String aggregatedDiscoveryVersion() {
    String version = parameters.getOrDefault("v", "");
    boolean asks =
        media.equals(Document.JSON)
            && "apidiscovery.k8s.io".equals(parameters.get("g"))
            && "APIGroupDiscoveryList".equals(parameters.get("as"))
            && (version.equals("v2") || version.equals("v2beta1"));
    return asks ? version : null;
  }

  /** The first of the types that the best matching clause accepts, or null. */
  static @Nullable String choose(List<MediaRange> accepted, String... types) {
    for (MediaRange range : accepted) {
      for (String type : types) {
        if (range.quality > 0 && range.matches(type)) {
          return type;
        }
      }
    }
    return null;
  }
}
