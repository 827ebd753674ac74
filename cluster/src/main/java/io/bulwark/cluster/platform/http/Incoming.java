package io.bulwark.cluster.platform.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came from the network or from a component of the same process, wholly read.
 *
 * @param method upper case
 * @param path decoded, without the query
 * @param query decoded parameters, in order of appearance
 * @param headers lower-case names; values of repeated headers joined by a comma
 * @param repeated the values of headers that came more than once, in order, by lower-case name
 * @param body empty for none; never larger than {@link #BODY_LIMIT}
 * @param credentials what the connection itself proves; a bearer token stays in the headers
 * @param remoteAddress textual IP address, or {@code @} for a component of the same process
 */
public record Incoming(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    Map<String, List<String>> repeated,
    byte[] body,
    Credentials credentials,
    String remoteAddress) {
  /** Source: upstream's limit for a request body, 3 MiB. */
  public static final int BODY_LIMIT = 3 * 1024 * 1024;

  /** A request in which no header comes twice. */
  public Incoming(
      String method,
      String path,
      Map<String, List<String>> query,
      Map<String, String> headers,
      byte[] body,
      Credentials credentials,
      String remoteAddress) {
    this(method, path, query, headers, Map.of(), body, credentials, remoteAddress);
  }

  /** The first value of a query parameter, or null where it is absent. */
  public @Nullable String parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /** Whether a query parameter is present and neither {@code false} nor {@code 0}. */
  public boolean flag(String name) {
    String value = parameter(name);
    return value != null && !value.equalsIgnoreCase("false") && !value.equals("0");
  }

  public @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  /** Every value of a header as it was sent, commas and all; none where it is absent. */
  public List<String> headerValues(String lowerCaseName) {
    List<String> several = repeated.get(lowerCaseName);
    if (several != null) {
      return several;
    }
    String only = headers.get(lowerCaseName);
    return only == null ? List.of() : List.of(only);
  }

  /** Whether the client asks to turn the connection into a WebSocket or SPDY connection. */
  public boolean upgrade() {
    String connection = headers.get("connection");
    return headers.containsKey("upgrade")
        && connection != null
        && connection.toLowerCase(java.util.Locale.ROOT).contains("upgrade");
  }
}
