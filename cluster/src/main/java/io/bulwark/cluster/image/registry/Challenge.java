package io.bulwark.cluster.image.registry;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a registry asks for before it answers.
 *
 * <p>Source: RFC 9110, section 11.6.1; distribution's "Token Authentication Specification".
 *
 * @param scheme in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

  /** Bearer rather than basic; null if there is neither. */
  static @Nullable Challenge best(List<String> headers) {
    Challenge basic = null;
    for (String header : headers) {
      if (header.length() > 8192) {
        continue;
      }
      String lower = header.strip().toLowerCase(Locale.ROOT);
      if (lower.startsWith("bearer ")) {
        return new Challenge("bearer", parameters(header));
      }
      if (lower.equals("basic") || lower.startsWith("basic ")) {
        basic = new Challenge("basic", parameters(header));
      }
    }
    return basic;
  }

  private static Map<String, String> parameters(String header) {
    Map<String, String> parameters = new TreeMap<>();
    Matcher matcher = PARAMETER.matcher(header);
    while (matcher.find()) {
      String quoted = matcher.group(2);
      String value = quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1");
      parameters.putIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), value);
    }
    return parameters;
  }
}
