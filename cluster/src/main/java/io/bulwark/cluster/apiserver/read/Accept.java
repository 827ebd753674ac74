package io.bulwark.cluster.apiserver.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One clause of an Accept header.
 *
 * @param parameters without the quality
 */
record Accept(String type, String subtype, double quality, Map<String, String> parameters) {
  /** The clauses of a header, best first: by quality, then the more specific, then as written. */
  static List<Accept> parse(String header) {
    List<Accept> clauses = new ArrayList<>();
    for (String clause : header.split(",", -1)) {
      if (!clause.isBlank()) {
        clauses.add(clause(clause));
      }
    }
    clauses.sort(
        (a, b) ->
            a.quality != b.quality
                ? Double.compare(b.quality, a.quality)
                : Integer.compare(a.wildcards(), b.wildcards()));
    return clauses;
  }

  private static Accept clause(String clause) {
    String[] parts = clause.split(";", -1);
    String media = parts[0].strip().toLowerCase(Locale.ROOT);
    int slash = media.indexOf('/');
    double quality = 1;
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        String name = parts[i].substring(0, equals).strip();
        String value = unquoted(parts[i].substring(equals + 1).strip());
        if (name.equals("q")) {
          quality = quality(value);
        } else {
          parameters.put(name, value);
        }
      }
    }
    return slash < 0
        ? new Accept(media, media.equals("*") ? "*" : "", quality, parameters)
        : new Accept(media.substring(0, slash), media.substring(slash + 1), quality, parameters);
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private static double quality(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException malformed) {
      return 1;
    }
  }

  private int wildcards() {
    return (type.equals("*") ? 1 : 0) + (subtype.equals("*") ? 1 : 0);
  }

  boolean matches(String mediaType) {
    int slash = mediaType.indexOf('/');
    if (type.equals("*")) {
      return subtype.equals("*");
    }
    return type.equals(mediaType.substring(0, slash))
        && (subtype.equals("*") || subtype.equals(mediaType.substring(slash + 1)));
  }
}
