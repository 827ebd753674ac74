package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Kubeconfig;
import io.bulwark.junit.Cluster;
import io.bulwark.junit.WithCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

/** Watches over WebSocket, as browsers and JVM clients open them. */
@WithCluster(nodes = 0)
class WatchSocketIT {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps?watch=true";

  private Cluster cluster;
  private HttpClient client;

  @BeforeEach
  void start(Cluster given) throws Exception {
    cluster = given;
    client =
        HttpClient.newBuilder().sslContext(Kubeconfig.load(cluster.kubeconfig()).tls()).build();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
  }

  @Test
  void everyEventIsAMessage() throws Exception {
    Received received = new Received();
    WebSocket socket = open(received, MAPS + revision(), "base64.binary.k8s.io");
    assertEquals("base64.binary.k8s.io", socket.getSubprotocol());
    map("first", "ä");
    map("second", "x".repeat(200_000));
    Tree first = Json.read(received.next());
    assertEquals("ADDED", first.text("type"));
    assertEquals("first", first.text("object", "metadata", "name"));
    assertEquals("ä", first.text("object", "data", "value"));
    assertEquals("second", Json.read(received.next()).text("object", "metadata", "name"));
    cluster.client().configMaps().inNamespace("default").withName("first").delete();
    assertEquals("DELETED", Json.read(received.next()).text("type"));
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertEquals(WebSocket.NORMAL_CLOSURE, received.closed.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aWatchThatTimesOutIsClosed() throws Exception {
    Received timed = new Received();
    open(timed, MAPS + revision() + "&timeoutSeconds=1", "");
    assertEquals(WebSocket.NORMAL_CLOSURE, timed.closed.get(20, TimeUnit.SECONDS));
    assertTrue(timed.messages.isEmpty(), "nothing changed");
  }

  @Test
  void eventsInProtobufAreBinaryMessagesWithoutALength() throws Exception {
    Received received = new Received();
    client
        .newWebSocketBuilder()
        .header("Accept", "application/vnd.kubernetes.protobuf;stream=watch")
        .buildAsync(address(MAPS + revision()), received)
        .join();
    map("binary", "y");
    byte[] event = received.next();
    byte[] type = {10, 5, 'A', 'D', 'D', 'E', 'D'};
    assertArrayEquals(type, Arrays.copyOf(event, type.length));
    String text = new String(event, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("k8s\0") && text.contains("binary"), text);
  }

  @Test
  void aRefusedWatchIsNoWebSocket() {
    CompletionException refused =
        assertThrows(
            CompletionException.class,
            () -> open(new Received(), MAPS + "&resourceVersion=nonsense", ""));
    assertTrue(String.valueOf(refused.getCause()).contains("Handshake"), refused.toString());
  }

  private String revision() {
    return "&resourceVersion="
        + cluster
            .client()
            .configMaps()
            .inNamespace("default")
            .list()
            .getMetadata()
            .getResourceVersion();
  }

  private void map(String name, String value) {
    cluster
        .client()
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .addToData("value", value)
                .build())
        .create();
  }

  private URI address(String path) {
    return URI.create(cluster.server().replace("https:", "wss:") + path);
  }

  private WebSocket open(Received received, String path, String protocol) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (!protocol.isEmpty()) {
      builder.subprotocols(protocol);
    }
    return builder.buildAsync(address(path), received).join();
  }

  /** Whole messages in their order. */
  private static final class Received implements WebSocket.Listener {
    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    byte[] next() throws InterruptedException {
      byte[] message = messages.poll(20, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no event within 20 s");
      }
      return message;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      add(text.toString().getBytes(StandardCharsets.UTF_8), last);
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      add(part, last);
      socket.request(1);
      return null;
    }

    private void add(byte[] part, boolean last) {
      partial.writeBytes(part);
      if (last) {
        messages.add(partial.toByteArray());
        partial.reset();
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }
  }
}
