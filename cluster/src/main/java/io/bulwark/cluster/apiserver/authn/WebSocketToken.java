package io.bulwark.cluster.apiserver.authn;

import io.bulwark.cluster.platform.http.Incoming;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The token that a browser sends as a WebSocket protocol, since it cannot set headers.
 *
 * <p>Source: upstream's {@code base64url.bearer.authorization.k8s.io.} protocol.
 */
public final class WebSocketToken {
  private static final String PREFIX = "base64url.bearer.authorization.k8s.io.";

  private WebSocketToken() {}

  /** Whether a protocol that a client names is a token, and none to be answered with. */
  public static boolean carries(String protocol) {
    return protocol.startsWith(PREFIX);
  }

  static @Nullable String of(Incoming incoming) {
    String protocols = incoming.header("sec-websocket-protocol");
    if (protocols == null || !incoming.upgrade()) {
      return null;
    }
    for (String protocol : protocols.split(",", -1)) {
      String name = protocol.strip();
      if (carries(name)) {
        try {
          return new String(
              Base64.getUrlDecoder().decode(name.substring(PREFIX.length())),
              StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noBase64) {
          return "";
        }
      }
    }
    return null;
  }
}
