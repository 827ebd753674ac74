package io.bulwark.cluster.apiserver.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request target taken apart.
 *
 * @param path decoded
 * @param query decoded, in order of appearance
 */
public record Target(String path, Map<String, List<String>> query) {
  /**
   * Parses an escaped path with an optional query.
   *
   * @throws IllegalArgumentException if an escape is malformed
   */
  public static Target parse(String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (mark >= 0) {
      for (String pair : target.substring(mark + 1).split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = equals < 0 ? pair : pair.substring(0, equals);
          String value = equals < 0 ? "" : pair.substring(equals + 1);
          query.computeIfAbsent(decode(name), key -> new ArrayList<>(1)).add(decode(value));
        }
      }
    }
    return new Target(decode(path.replace("+", "%2B")), query);
  }

  private static String decode(String text) {
    return text.indexOf('%') < 0 && text.indexOf('+') < 0
        ? text
        : URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
