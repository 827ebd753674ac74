package io.bulwark.cluster.apiserver.stream;

import io.bulwark.cluster.platform.http.HttpExchange;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.Relay;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** An answer whose links and redirects lead through the proxy. */
final class ProxiedPage {
  private static final int LONGEST = 32 * 1024 * 1024;
  private static final String LOCATION = "location";
  private static final String ENCODING = "content-encoding";

  private ProxiedPage() {}

  static Outgoing of(HttpExchange answer, ProxiedLinks links) throws IOException {
    String location = answer.headers().get(LOCATION);
    if (location != null) {
      return relocated(Relay.response(answer), links.link(location));
    }
    String encoding = answer.headers().getOrDefault(ENCODING, "");
    boolean readable = encoding.isEmpty() || encoding.equals("gzip");
    if (!html(answer) || !readable || answer.headOnly()) {
      return Relay.response(answer);
    }
    boolean packed = encoding.equals("gzip");
    byte[] page;
    try (InputStream body = packed ? new GZIPInputStream(answer.body()) : answer.body()) {
      page = body.readNBytes(LONGEST + 1);
    }
    if (page.length > LONGEST) {
      throw new IOException("the page is longer than " + LONGEST + " bytes");
    }
    // Bytes that are no UTF-8 come back as they were: each stands for itself.
    String text = new String(page, StandardCharsets.ISO_8859_1);
    byte[] led = links.page(text).getBytes(StandardCharsets.ISO_8859_1);
    Map<String, String> headers = Relay.endToEnd(answer.headers());
    headers.remove("content-length");
    return new Outgoing.Complete(
        answer.status(), headers, List.of(Outgoing.Slice.of(packed ? gzip(led) : led)));
  }

  private static boolean html(HttpExchange answer) {
    String type = answer.headers().getOrDefault("content-type", "");
    int end = type.indexOf(';');
    String media = end < 0 ? type : type.substring(0, end);
    return media.strip().toLowerCase(Locale.ROOT).equals("text/html");
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return packed.toByteArray();
  }

  private static Outgoing relocated(Outgoing outgoing, String location) {
    Map<String, String> headers = new HashMap<>(outgoing.headers());
    headers.put(LOCATION, location);
    return switch (outgoing) {
      case Outgoing.Complete whole -> new Outgoing.Complete(whole.status(), headers, whole.body());
      case Outgoing.Streaming stream ->
          new Outgoing.Streaming(stream.status(), headers, stream.start());
      case Outgoing.Upgraded upgraded -> upgraded;
    };
  }
}
