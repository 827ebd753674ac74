package io.bulwark.cluster.apiserver.stream;

import io.bulwark.cluster.platform.http.HttpExchange;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A log in the messages of a WebSocket, without channels.
 *
 * <p>Source: k8s.io/streaming's wsstream, Reader.
 */
final class LogSocket {
  static final List<String> PROTOCOLS = List.of("", "binary.k8s.io", "base64.binary.k8s.io");
  private static final int PART = 2048;

  private LogSocket() {}

  /** Sends the answer's body and then closes; a client that closes first ends the answer. */
  static Outgoing accept(Incoming incoming, String protocol, HttpExchange answer) {
    Outgoing accepted =
        WebSocket.accept(incoming, protocol, socket -> send(socket, protocol, answer));
    if (!(accepted instanceof Outgoing.Upgraded)) {
      answer.close();
    }
    return accepted;
  }

  private static void send(WebSocket socket, String protocol, HttpExchange answer)
      throws IOException {
    Thread.ofVirtual().name("log-socket").start(() -> awaitClose(socket, answer));
    try (InputStream body = answer.body()) {
      byte[] part = new byte[PART];
      for (int count = body.read(part); count >= 0; count = body.read(part)) {
        byte[] content = Arrays.copyOf(part, count);
        if (protocol.startsWith("base64.")) {
          socket.writeText(Base64.getEncoder().encodeToString(content));
        } else {
          socket.writeBinary(content);
        }
      }
    } finally {
      answer.close();
    }
  }

  private static void awaitClose(WebSocket socket, HttpExchange answer) {
    try {
      byte[] ignored = socket.read();
      while (ignored != null) {
        ignored = socket.read();
      }
    } catch (IOException gone) {
      // The client is away: the same as a close.
    }
    answer.close();
  }
}
