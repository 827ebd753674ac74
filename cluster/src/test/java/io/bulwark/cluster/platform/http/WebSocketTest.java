package io.bulwark.cluster.platform.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our server against the JDK's client. */
class WebSocketTest {
  private final TestAuthority authority = new TestAuthority();
  private final HttpClient client =
      HttpClient.newBuilder().sslContext(authority.client(null)).build();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    TestAuthority.Identity identity = authority.issue("CN=server");
    SslContext tls = ServerTls.of(identity.key(), List.of(identity.certificate()));
    server =
        new HttpServer(
            "127.0.0.1",
            0,
            () -> tls,
            incoming -> {
              String protocol = WebSocket.choose(incoming, List.of("v5", "v4"));
              if (protocol == null) {
                return Failures.badRequest("protocol");
              }
              return WebSocket.accept(
                  incoming,
                  protocol,
                  socket -> {
                    for (byte[] message = socket.read();
                        message != null && message.length > 0;
                        message = socket.read()) {
                      socket.writeBinary(message);
                    }
                  });
            });
    server.start();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  private static final class Received implements java.net.http.WebSocket.Listener {
    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(
        java.net.http.WebSocket socket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      partial.writeBytes(part);
      if (last) {
        messages.add(partial.toByteArray());
        partial.reset();
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(
        java.net.http.WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }
  }

  private java.net.http.WebSocket connect(Received received, String first, String... more) {
    return client
        .newWebSocketBuilder()
        .subprotocols(first, more)
        .buildAsync(URI.create("wss://localhost:" + server.port() + "/x"), received)
        .join();
  }

  @Test
  void echoesMessagesOfEverySizeWholeOrInParts() throws Exception {
    Received received = new Received();
    java.net.http.WebSocket socket = connect(received, "v6", "v4", "v5");
    assertEquals("v4", socket.getSubprotocol());
    Random random = new Random(7);
    for (int size : new int[] {1, 125, 126, 65_535, 65_536, 300_000}) {
      byte[] message = new byte[size];
      random.nextBytes(message);
      int middle = size / 2;
      socket.sendBinary(ByteBuffer.wrap(message, 0, middle), false).join();
      socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
      socket.sendBinary(ByteBuffer.wrap(message, middle, size - middle), true).join();
      byte[] echo = received.messages.poll(10, TimeUnit.SECONDS);
      assertNotNull(echo, "size " + size);
      assertArrayEquals(message, echo);
    }
    socket.sendBinary(ByteBuffer.allocate(0), true).join();
    assertEquals(1000, received.closed.get(10, TimeUnit.SECONDS));
  }

  @Test
  void refusesProtocolsThatItDoesNotKnow() {
    CompletionException refused =
        assertThrows(CompletionException.class, () -> connect(new Received(), "v9"));
    var cause = assertInstanceOf(WebSocketHandshakeException.class, refused.getCause());
    assertEquals(400, cause.getResponse().statusCode());
  }
}
