package io.bulwark.cluster.apiserver.authz;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The equality requirements of a field selector; others cannot make a request narrower here. */
record FieldSelector(Map<String, String> equal) {
  static final FieldSelector NONE = new FieldSelector(Map.of());

  static FieldSelector parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return NONE;
    }
    Map<String, String> equal = new HashMap<>();
    for (String term : text.split(",", -1)) {
      int at = term.indexOf('=');
      if (at > 0 && term.charAt(at - 1) != '!') {
        boolean twice = at + 1 < term.length() && term.charAt(at + 1) == '=';
        equal.put(term.substring(0, at).trim(), term.substring(twice ? at + 2 : at + 1).trim());
      }
    }
    return new FieldSelector(Map.copyOf(equal));
  }

  /** The value that a field must have, or the empty string. */
  String value(String field) {
    return equal.getOrDefault(field, "");
  }
}
