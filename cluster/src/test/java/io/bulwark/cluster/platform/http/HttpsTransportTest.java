package io.bulwark.cluster.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.client.HttpsTransport;
import io.bulwark.client.Transport;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client's transport against the real server. */
class HttpsTransportTest {
  private final TestAuthority authority = new TestAuthority();
  private final AtomicReference<RequestHandler> handler = new AtomicReference<>();
  private HttpServer server;
  private HttpsTransport transport;

  @BeforeEach
  void start() throws Exception {
    TestAuthority.Identity identity = authority.issue("CN=server");
    SslContext tls = ServerTls.of(identity.key(), List.of(identity.certificate()));
    server =
        new HttpServer(
            "127.0.0.1",
            0,
            () -> tls,
            incoming -> Objects.requireNonNull(handler.get()).handle(incoming));
    server.start();
    transport =
        new HttpsTransport(
            URI.create("https://127.0.0.1:" + server.port()),
            authority.client(authority.issue("CN=me")),
            () -> "s3cret");
  }

  @AfterEach
  void stop() {
    transport.close();
    server.close();
  }

  private Transport.Response get(String target) throws IOException {
    return transport.exchange(
        new Transport.Request("GET", target, Map.of("accept", "application/json"), new byte[0]));
  }

  @Test
  void showsCertificateAndToken() throws Exception {
    AtomicReference<Incoming> seen = new AtomicReference<>();
    handler.set(
        incoming -> {
          seen.set(incoming);
          return Outgoing.Complete.of(404, "text/plain", "no".getBytes(StandardCharsets.UTF_8));
        });
    Transport.Response response =
        transport.exchange(
            new Transport.Request(
                "PATCH", "/a%20b?x=%2B", Map.of("content-type", "a/b"), new byte[] {1, 2}));
    assertEquals(404, response.status());
    assertEquals("no", new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals("text/plain", response.headers().get("content-type"));
    Incoming incoming = Objects.requireNonNull(seen.get());
    assertEquals("PATCH", incoming.method());
    assertEquals("/a b", incoming.path());
    assertEquals("+", incoming.parameter("x"));
    assertEquals("Bearer s3cret", incoming.header("authorization"));
    assertEquals("a/b", incoming.header("content-type"));
    assertEquals(2, incoming.body().length);
    var shown = (Credentials.Certificate) incoming.credentials();
    assertEquals("CN=me", shown.chain().getFirst().getSubjectX500Principal().getName());
  }

  @Test
  void refusesAServerOfAnotherAuthority() {
    try (HttpsTransport stranger =
        new HttpsTransport(
            URI.create("https://127.0.0.1:" + server.port()),
            new TestAuthority().client(null),
            () -> null)) {
      assertThrows(
          IOException.class,
          () -> stranger.exchange(new Transport.Request("GET", "/", Map.of(), new byte[0])));
    }
  }

  @Test
  void holdsMoreWatchesThanOneConnectionCarriesAndCancelsEach() throws Exception {
    int watches = 600;
    BlockingQueue<Outgoing.Sink> sinks = new LinkedBlockingQueue<>();
    CountDownLatch closed = new CountDownLatch(watches);
    handler.set(
        incoming ->
            new Outgoing.Streaming(
                200,
                Map.of("content-type", "application/json"),
                sink -> {
                  sinks.add(sink);
                  return closed::countDown;
                }));
    List<Transport.Response> open = new ArrayList<>();
    for (int i = 0; i < watches; i++) {
      open.add(get("/watch"));
    }
    for (int i = 0; i < watches; i++) {
      Outgoing.Sink sink = sinks.poll(10, TimeUnit.SECONDS);
      assertTrue(sink != null, "watch " + i);
      sink.write(List.of(Outgoing.Slice.of("event".getBytes(StandardCharsets.UTF_8))));
    }
    for (Transport.Response each : open) {
      assertEquals("event", new String(each.body().readNBytes(5), StandardCharsets.UTF_8));
      each.body().close();
    }
    assertTrue(closed.await(20, TimeUnit.SECONDS), "left: " + closed.getCount());
  }
}
