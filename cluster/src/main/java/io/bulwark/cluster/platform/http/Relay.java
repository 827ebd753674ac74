package io.bulwark.cluster.platform.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Passes the answer of another server on: as a response, or as the raw connection. */
public final class Relay {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");
  private static final int SHORT = 64 * 1024;

  private Relay() {}

  /** Copies bytes both ways until either side ends, then closes both. Blocks. */
  public static void both(Outgoing.Duplex one, Outgoing.Duplex other) {
    Thread back =
        Thread.ofVirtual()
            .name("relay")
            .start(
                () -> {
                  copy(other.input(), one.output());
                  one.close();
                  other.close();
                });
    copy(one.input(), other.output());
    one.close();
    other.close();
    try {
      back.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(InputStream from, OutputStream to) {
    byte[] buffer = new byte[32 * 1024];
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        to.write(buffer, 0, count);
        to.flush();
      }
    } catch (IOException gone) {
      // Either end may go away at any time; both are closed then.
    }
  }

  /** The headers of a response without those that are for one connection only. */
  public static Map<String, String> endToEnd(Map<String, String> headers) {
    Map<String, String> kept = new HashMap<>(headers);
    String connection = headers.getOrDefault("connection", "");
    for (String named : connection.split(",", -1)) {
      kept.remove(named.strip().toLowerCase(Locale.ROOT));
    }
    kept.keySet().removeAll(HOP_BY_HOP);
    return kept;
  }

  /** Whatever the other server answered to the request of an upgrade. */
  public static Outgoing upgrade(HttpExchange exchange) throws IOException {
    if (exchange.status() != 101) {
      return response(exchange);
    }
    Map<String, String> headers = new LinkedHashMap<>(endToEnd(exchange.headers()));
    headers.put("connection", "Upgrade");
    String upgrade = exchange.headers().get("upgrade");
    if (upgrade != null) {
      headers.put("upgrade", upgrade);
    }
    return new Outgoing.Upgraded(101, headers, connection -> both(connection, exchange));
  }

  /** The other server's response: whole if it is short, else streamed. */
  public static Outgoing response(HttpExchange exchange) throws IOException {
    Map<String, String> headers = endToEnd(exchange.headers());
    String length = headers.remove("content-length");
    boolean head = exchange.headOnly();
    if (head && length != null) {
      headers.put("content-length", length);
    }
    if (head || (length != null && Long.parseLong(length.strip()) <= SHORT)) {
      try (InputStream body = exchange.body()) {
        byte[] content = head ? new byte[0] : body.readAllBytes();
        return new Outgoing.Complete(
            exchange.status(), headers, List.of(Outgoing.Slice.of(content)));
      }
    }
    return new Outgoing.Streaming(
        exchange.status(),
        headers,
        SinkOutput.start(
            out -> {
              try (InputStream body = exchange.body()) {
                copy(body, out);
              }
            },
            exchange));
  }
}
