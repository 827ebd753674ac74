package io.bulwark.cluster.platform.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.failure.Failure;
import io.netty.handler.ssl.SslContext;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpServerTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestAuthority.Identity SERVER = AUTHORITY.issue("CN=server");

  private final List<AutoCloseable> open = new ArrayList<>();

  private HttpServer serve(HttpLimits limits, RequestHandler handler) throws Exception {
    SslContext tls = ServerTls.of(SERVER.key(), List.of(SERVER.certificate()));
    HttpServer server = new HttpServer("127.0.0.1", 0, () -> tls, limits, handler);
    server.start();
    open.add(server);
    return server;
  }

  private HttpServer serve(RequestHandler handler) throws Exception {
    return serve(HttpLimits.DEFAULT, handler);
  }

  private HttpClient client(HttpClient.Version version, TestAuthority.@Nullable Identity identity) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(version)
            .sslContext(AUTHORITY.client(identity))
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    open.addFirst(client);
    return client;
  }

  private static HttpRequest.Builder request(HttpServer server, String target) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + target))
        .timeout(Duration.ofSeconds(20));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      if (each instanceof HttpClient client) {
        client.shutdownNow();
      } else {
        each.close();
      }
    }
  }

  private static Outgoing text(String text) {
    return Outgoing.Complete.of(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void handsOverTheRequestDecoded(HttpClient.Version version) throws Exception {
    if (version.name().equals("HTTP_3")) {
      version = HttpClient.Version.HTTP_2;
    }
    AtomicReference<Incoming> seen = new AtomicReference<>();
    AtomicReference<Thread> thread = new AtomicReference<>();
    HttpServer server =
        serve(
            incoming -> {
              seen.set(incoming);
              thread.set(Thread.currentThread());
              return text("hello");
            });
    HttpResponse<String> answer =
        client(version, null)
            .send(
                request(server, "/api/v1/a%20b?x=1&x=2&watch&y=a%2Bb%26")
                    .header("X-Some", "one")
                    .header("x-some", "two")
                    .POST(HttpRequest.BodyPublishers.ofString("body"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals("hello", answer.body());
    assertEquals(version, answer.version());
    assertEquals("text/plain", answer.headers().firstValue("content-type").orElseThrow());
    Incoming incoming = Objects.requireNonNull(seen.get());
    assertEquals("POST", incoming.method());
    assertEquals("/api/v1/a b", incoming.path());
    assertEquals(List.of("1", "2"), incoming.query().get("x"));
    assertEquals("a+b&", incoming.parameter("y"));
    assertEquals("", incoming.parameter("watch"));
    assertEquals("one,two", incoming.header("x-some"));
    assertEquals("body", new String(incoming.body(), StandardCharsets.UTF_8));
    assertEquals("127.0.0.1", incoming.remoteAddress());
    assertEquals(new Credentials.None(), incoming.credentials());
    assertTrue(Objects.requireNonNull(thread.get()).isVirtual());
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void showsTheClientCertificate(HttpClient.Version version) throws Exception {
    AtomicReference<Credentials> seen = new AtomicReference<>();
    HttpServer server =
        serve(
            incoming -> {
              seen.set(incoming.credentials());
              return text("");
            });
    TestAuthority.Identity stranger = new TestAuthority().issue("CN=mallory,O=nobody");
    client(version, stranger)
        .send(request(server, "/").build(), HttpResponse.BodyHandlers.discarding());
    List<X509Certificate> chain =
        assertInstanceOf(Credentials.Certificate.class, seen.get()).chain();
    assertEquals(List.of(stranger.certificate()), chain);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void sendsLargeBodiesOfManySlices(HttpClient.Version version) throws Exception {
    byte[] part = new byte[5_001];
    Arrays.fill(part, (byte) 'x');
    List<Outgoing.Slice> slices = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      slices.add(new Outgoing.Slice(part, 1, 5_000));
    }
    HttpServer server =
        serve(incoming -> new Outgoing.Complete(200, Map.of("content-type", "a/b"), slices));
    HttpClient client = client(version, null);
    for (int i = 0; i < 2; i++) {
      byte[] body =
          client.send(request(server, "/").build(), HttpResponse.BodyHandlers.ofByteArray()).body();
      byte[] expected = new byte[20_000_000];
      Arrays.fill(expected, (byte) 'x');
      assertArrayEquals(expected, body);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void refusesBodiesOverTheLimitInUpstreamsWords(HttpClient.Version version) throws Exception {
    HttpServer server = serve(incoming -> text("" + incoming.body().length));
    HttpClient client = client(version, null);
    HttpResponse<String> fits =
        client.send(
            request(server, "/")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[Incoming.BODY_LIMIT]))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals("3145728", fits.body());
    HttpResponse<String> over =
        client.send(
            request(server, "/")
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[Incoming.BODY_LIMIT + 1]))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(413, over.statusCode());
    assertTrue(
        over.body().contains("\"message\":\"Request entity too large: limit is 3145728\""),
        over.body());
  }

  @Test
  void turnsExceptionsIntoStatuses() throws Exception {
    HttpServer server =
        serve(
            incoming -> {
              if (incoming.path().equals("/rejected")) {
                throw new Failure.BadRequest("no").rejected();
              }
              throw new IllegalStateException("secret detail");
            });
    HttpClient client = client(HttpClient.Version.HTTP_2, null);
    HttpResponse<String> rejected =
        client.send(request(server, "/rejected").build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(400, rejected.statusCode());
    assertTrue(rejected.body().contains("\"reason\":\"BadRequest\""));
    HttpResponse<String> bug =
        client.send(request(server, "/bug").build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(500, bug.statusCode());
    assertTrue(bug.body().contains("\"reason\":\"InternalError\""));
    assertTrue(!bug.body().contains("secret"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void streamsUntilTheClientGoes(HttpClient.Version version) throws Exception {
    CompletableFuture<Outgoing.Sink> sink = new CompletableFuture<>();
    CountDownLatch closed = new CountDownLatch(1);
    HttpServer server =
        serve(
            incoming ->
                new Outgoing.Streaming(
                    200,
                    Map.of("content-type", "application/json"),
                    started -> {
                      sink.complete(started);
                      return closed::countDown;
                    }));
    HttpClient client = client(version, null);
    InputStream body =
        client.send(request(server, "/").build(), HttpResponse.BodyHandlers.ofInputStream()).body();
    Outgoing.Sink out = sink.get(10, TimeUnit.SECONDS);
    for (int i = 0; i < 3; i++) {
      out.write(List.of(slice("event"), slice(i + "\n")));
      assertEquals("event" + i + "\n", new String(body.readNBytes(7), StandardCharsets.UTF_8));
    }
    body.close();
    if (version == HttpClient.Version.HTTP_1_1) {
      client.shutdownNow();
    }
    assertTrue(closed.await(10, TimeUnit.SECONDS));
    assertTrue(out.closed());
  }

  @Test
  void headsComeBeforeTheFirstEventsOfManyStreams() throws Exception {
    HttpServer server =
        serve(
            incoming ->
                new Outgoing.Streaming(
                    200,
                    Map.of(),
                    sink -> {
                      for (int i = 0; i < 5; i++) {
                        sink.write(List.of(slice("event" + i + "\n")));
                      }
                      sink.end();
                      return () -> {};
                    }));
    HttpClient client = client(HttpClient.Version.HTTP_2, null);
    client.send(request(server, "/").build(), HttpResponse.BodyHandlers.discarding());
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(
          client.sendAsync(request(server, "/").build(), HttpResponse.BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(200, answer.get(20, TimeUnit.SECONDS).statusCode());
      assertEquals("event0\nevent1\nevent2\nevent3\nevent4\n", answer.get().body());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void countsWhatASlowReaderLeavesWaiting(HttpClient.Version version) throws Exception {
    CompletableFuture<Outgoing.Sink> sink = new CompletableFuture<>();
    HttpServer server =
        serve(
            incoming ->
                new Outgoing.Streaming(
                    200,
                    Map.of(),
                    started -> {
                      sink.complete(started);
                      return () -> {};
                    }));
    InputStream body =
        client(version, null)
            .send(request(server, "/").build(), HttpResponse.BodyHandlers.ofInputStream())
            .body();
    Outgoing.Sink out = sink.get(10, TimeUnit.SECONDS);
    Outgoing.Slice megabyte = Outgoing.Slice.of(new byte[1 << 20]);
    long waiting = 0;
    int written = 0;
    while (waiting < 8 << 20 && written < 400) {
      waiting = out.write(List.of(megabyte));
      written++;
    }
    assertTrue(waiting >= 8 << 20, "waiting: " + waiting);
    CountDownLatch drained = new CountDownLatch(1);
    Thread.startVirtualThread(
        () -> {
          try {
            out.awaitDrained();
          } catch (InterruptedException stop) {
            return;
          }
          out.end();
          drained.countDown();
        });
    assertEquals((long) written << 20, body.transferTo(java.io.OutputStream.nullOutputStream()));
    assertTrue(drained.await(10, TimeUnit.SECONDS));
  }

  @Test
  void keepsAConnectionAndAnswersPipelinedRequestsInOrder() throws Exception {
    HttpServer server = serve(incoming -> text(incoming.path() + "!"));
    try (Socket socket = AUTHORITY.dial(server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET /one HTTP/1.1\r\nHost: a\r\n\r\nPOST /two HTTP/1.1\r\nHost: a\r\n"
                      + "Content-Length: 3\r\n\r\nabcHEAD /three HTTP/1.1\r\nHost: a\r\n\r\n"
                      + "GET /four HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(4, all.split("HTTP/1.1 200 OK", -1).length - 1, all);
      assertTrue(all.indexOf("/one!") < all.indexOf("/two!"), all);
      assertTrue(!all.contains("/three!") && all.contains("content-length: 7"), all);
      assertTrue(all.endsWith("/four!"), all);
    }
  }

  @Test
  void closesConnectionsThatDawdle() throws Exception {
    HttpServer server =
        serve(
            HttpLimits.DEFAULT.withIdle(Duration.ofMillis(200)).withBody(Duration.ofMillis(200)),
            incoming -> text(""));
    for (String sent :
        List.of("GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na")) {
      try (Socket socket = AUTHORITY.dial(server.port())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
        assertEquals(-1, socket.getInputStream().read());
      }
    }
  }

  @Test
  void refusesMalformedAndOverlongHeads() throws Exception {
    HttpServer server = serve(incoming -> text(""));
    assertTrue(raw(server, "GARBAGE\r\n\r\n").startsWith("HTTP/1.1 400 "));
    assertTrue(
        raw(server, "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\n\r\n")
            .startsWith("HTTP/1.1 414 "));
    assertTrue(
        raw(server, "GET / HTTP/1.1\r\nx: " + "a".repeat(70_000) + "\r\n\r\n")
            .startsWith("HTTP/1.1 431 "));
    assertTrue(
        raw(server, "GET /%zz HTTP/1.1\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 400 "));
  }

  private static String raw(HttpServer server, String request) throws Exception {
    try (Socket socket = AUTHORITY.dial(server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void refusesMoreRequestsThanTheLimit() throws Exception {
    CountDownLatch enough = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    HttpServer server =
        serve(
            HttpLimits.DEFAULT.withRequests(1),
            incoming -> {
              inside.countDown();
              enough.await();
              return text("done");
            });
    HttpClient client = client(HttpClient.Version.HTTP_2, null);
    var first =
        client.sendAsync(request(server, "/").build(), HttpResponse.BodyHandlers.ofString());
    assertTrue(inside.await(10, TimeUnit.SECONDS));
    HttpResponse<String> second =
        client.send(request(server, "/").build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(429, second.statusCode());
    assertEquals("1", second.headers().firstValue("retry-after").orElseThrow());
    enough.countDown();
    assertEquals("done", first.get(10, TimeUnit.SECONDS).body());
  }

  @Test
  void letsTheHandlerTakeTheConnectionOver() throws Exception {
    HttpServer server =
        serve(
            incoming -> {
              assertTrue(incoming.upgrade());
              return new Outgoing.Upgraded(
                  101,
                  Map.of("connection", "Upgrade", "upgrade", "echo"),
                  connection -> {
                    byte[] three = connection.input().readNBytes(3);
                    connection.output().write(three);
                    connection.input().transferTo(connection.output());
                  });
            });
    try (Socket socket = AUTHORITY.dial(server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      assertTrue(head.toString().startsWith("HTTP/1.1 101 "), head.toString());
      byte[] sent = new byte[1_000_000];
      new java.util.Random(1).nextBytes(sent);
      Thread.startVirtualThread(
          () -> {
            try {
              socket.getOutputStream().write(sent);
            } catch (java.io.IOException gone) {
              throw new java.io.UncheckedIOException(gone);
            }
          });
      assertArrayEquals(sent, in.readNBytes(sent.length));
    }
  }

  @Test
  void endsStreamsAndFinishesRequestsWhenItCloses() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(2);
    HttpServer server =
        serve(
            incoming -> {
              inside.countDown();
              if (incoming.path().equals("/stream")) {
                return new Outgoing.Streaming(200, Map.of(), sink -> closing::countDown);
              }
              closing.await();
              return text("finished");
            });
    HttpClient client = client(HttpClient.Version.HTTP_2, null);
    var stream =
        client.sendAsync(request(server, "/stream").build(), HttpResponse.BodyHandlers.ofString());
    var slow =
        client.sendAsync(request(server, "/slow").build(), HttpResponse.BodyHandlers.ofString());
    assertTrue(inside.await(10, TimeUnit.SECONDS));
    server.close();
    assertEquals("", stream.get(10, TimeUnit.SECONDS).body());
    assertEquals("finished", slow.get(10, TimeUnit.SECONDS).body());
    server.close();
  }

  @Test
  void takesANewCertificateForNewConnections() throws Exception {
    TestAuthority.Identity other = AUTHORITY.issue("CN=rotated");
    AtomicReference<SslContext> tls =
        new AtomicReference<>(ServerTls.of(SERVER.key(), List.of(SERVER.certificate())));
    HttpServer server = new HttpServer("127.0.0.1", 0, tls::get, incoming -> text(""));
    server.start();
    open.add(server);
    assertEquals(SERVER.certificate(), shown(server));
    tls.set(ServerTls.of(other.key(), List.of(other.certificate())));
    assertEquals(other.certificate(), shown(server));
  }

  private static java.security.cert.Certificate shown(HttpServer server) throws Exception {
    try (var socket = (javax.net.ssl.SSLSocket) AUTHORITY.dial(server.port())) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void servesPlainHttpWhereThereIsNoTls() throws Exception {
    HttpServer server = new HttpServer("127.0.0.1", 0, null, incoming -> text("plain"));
    server.start();
    open.add(server);
    HttpClient client = client(HttpClient.Version.HTTP_1_1, null);
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals("plain", answer.body());
    assertNull(answer.sslSession().orElse(null));
  }

  private static Outgoing.Slice slice(String text) {
    return Outgoing.Slice.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
