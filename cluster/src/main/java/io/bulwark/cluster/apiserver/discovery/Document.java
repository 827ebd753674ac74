package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes that are sent many times.
 *
 * @param tag quoted, as the ETag header has it
 */
record Document(byte[] bytes, String tag) {
  static final String JSON = "application/json";

  static Document of(Tree tree) {
    return of(Json.write(tree));
  }

  static Document of(byte[] bytes) {
    return new Document(bytes, '"' + hash(bytes) + '"');
  }

  /** A hash in upper-case hexadecimal digits. */
  static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-512").digest(bytes);
      return HexFormat.of().withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The whole document, or 304 where the client has it. */
  Outgoing answer(Incoming incoming, String contentType) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("etag", tag);
    headers.put("vary", "Accept");
    String known = incoming.header("if-none-match");
    if (known != null && (known.strip().equals("*") || known.contains(tag))) {
      return new Outgoing.Complete(304, Map.copyOf(headers), List.of());
    }
    headers.put("content-type", contentType);
    return new Outgoing.Complete(200, Map.copyOf(headers), List.of(Outgoing.Slice.of(bytes)));
  }

  /** The same answer for a URL that names the hash of what it returns. */
  static Outgoing immutable(Outgoing answer) {
    if (!(answer instanceof Outgoing.Complete complete)) {
      return answer;
    }
    Map<String, String> headers = new LinkedHashMap<>(complete.headers());
    headers.put("cache-control", "public, immutable");
    return new Outgoing.Complete(complete.status(), Map.copyOf(headers), complete.body());
  }
}
