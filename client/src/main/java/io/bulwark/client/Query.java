package io.bulwark.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Query parameters of a request; immutable. {@code Query.none().with("limit", "500")}. */
public record Query(Map<String, String> parameters) {
  private static final Query NONE = new Query(Map.of());

  public static Query none() {
    return NONE;
  }

  /** Only objects whose labels match, such as {@code app=web,tier!=db}. */
  public static Query labels(String selector) {
    return NONE.with("labelSelector", selector);
  }

  /** Only objects whose fields match, such as {@code spec.nodeName=n1}. */
  public static Query fields(String selector) {
    return NONE.with("fieldSelector", selector);
  }

  /** This query with one more parameter, in the place of an earlier one of its name. */
  public Query with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new Query(Map.copyOf(more));
  }

  /** {@code ?a=b&c=d}, or the empty string. */
  public String text() {
    if (parameters.isEmpty()) {
      return "";
    }
    StringJoiner text = new StringJoiner("&", "?", "");
    parameters.forEach((name, value) -> text.add(escape(name) + "=" + escape(value)));
    return text.toString();
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
