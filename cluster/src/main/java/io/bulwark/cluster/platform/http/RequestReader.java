package io.bulwark.cluster.platform.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers one request. */
final class RequestReader {
  private static final int PARAMETERS = 8192;
  private static final byte[] NOTHING = {};

  private final HttpRequest head;
  private @Nullable ByteArrayOutputStream body;

  RequestReader(HttpRequest head) {
    this.head = head;
  }

  HttpRequest head() {
    return head;
  }

  /** The announced length of the body, or -1. */
  long announced() {
    String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    if (length == null) {
      return -1;
    }
    try {
      return Long.parseLong(length.trim());
    } catch (NumberFormatException malformed) {
      return -1;
    }
  }

  int length() {
    return body == null ? 0 : body.size();
  }

  void append(io.netty.buffer.ByteBuf part) {
    int size = part.readableBytes();
    if (size == 0) {
      return;
    }
    ByteArrayOutputStream gathered = body;
    if (gathered == null) {
      gathered = new ByteArrayOutputStream((int) Math.clamp(announced(), size, 64 * 1024 + size));
      body = gathered;
    }
    try {
      part.readBytes(gathered, size);
    } catch (java.io.IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * @throws IllegalArgumentException if the target is malformed
   */
  Incoming incoming(Credentials credentials, String remoteAddress) {
    QueryStringDecoder target =
        new QueryStringDecoder(origin(head.uri()), StandardCharsets.UTF_8, true, PARAMETERS, true);
    Map<String, List<String>> query = target.parameters();
    ByteArrayOutputStream gathered = body;
    Map<String, List<String>> repeated = new HashMap<>();
    return new Incoming(
        head.method().name().toUpperCase(Locale.ROOT),
        target.path(),
        query,
        headers(repeated),
        repeated,
        gathered == null ? NOTHING : gathered.toByteArray(),
        credentials,
        remoteAddress);
  }

  /** Path and query of a target that may have scheme and host as well. */
  private static String origin(String target) {
    if (target.startsWith("/")) {
      return target;
    }
    int host = target.indexOf("://");
    if (host < 0) {
      return target;
    }
    int path = target.indexOf('/', host + 3);
    return path < 0 ? "/" : target.substring(path);
  }

  private Map<String, String> headers(Map<String, List<String>> repeated) {
    Map<String, String> headers = new HashMap<>();
    var each = head.headers().iteratorCharSequence();
    while (each.hasNext()) {
      var header = each.next();
      String name = header.getKey().toString().toLowerCase(Locale.ROOT);
      if (!name.startsWith("x-http2-")) {
        String value = header.getValue().toString();
        String first = headers.putIfAbsent(name, value);
        if (first != null) {
          headers.put(name, first + "," + value);
          repeated.computeIfAbsent(name, _ -> new ArrayList<>(List.of(first))).add(value);
        }
      }
    }
    return headers;
  }
}
