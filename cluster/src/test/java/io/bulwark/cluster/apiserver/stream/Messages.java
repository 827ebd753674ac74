package io.bulwark.cluster.apiserver.stream;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whole binary messages that a WebSocket client has received. */
final class Messages implements WebSocket.Listener {
  final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    partial.writeBytes(part);
    if (last) {
      received.add(partial.toByteArray());
      partial.reset();
    }
    socket.request(1);
    return null;
  }

  /** The next message with content, as channel digit and text. */
  String next() throws InterruptedException {
    while (true) {
      byte[] message = received.poll(10, TimeUnit.SECONDS);
      if (message == null) {
        return "nothing";
      }
      if (message.length > 1) {
        return message[0] + new String(message, 1, message.length - 1, StandardCharsets.UTF_8);
      }
    }
  }
}
