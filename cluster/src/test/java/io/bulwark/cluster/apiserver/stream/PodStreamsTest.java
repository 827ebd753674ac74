package io.bulwark.cluster.apiserver.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.Transport;
import io.bulwark.cluster.node.server.ImageContents;
import io.bulwark.cluster.node.server.NodeServer;
import io.bulwark.cluster.node.server.PodDirectory;
import io.bulwark.cluster.platform.http.HttpExchange;
import io.bulwark.cluster.platform.http.HttpServer;
import io.bulwark.cluster.platform.http.ServerTls;
import io.bulwark.cluster.platform.http.SpdyConnection;
import io.bulwark.cluster.platform.http.SpdyStream;
import io.bulwark.cluster.platform.http.TestAuthority;
import io.bulwark.cluster.platform.tls.Trust;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client, API server, node endpoint and runtime, each on a socket of its own. */
class PodStreamsTest {
  private static final String PODS = "/api/v1/namespaces/ns/pods/";

  private final TestAuthority authority = new TestAuthority();
  private final HttpClient client =
      HttpClient.newBuilder().sslContext(authority.client(null)).build();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicBoolean allowed = new AtomicBoolean(true);

  @TempDir Path directory;
  private Runtime runtime;
  private NodeServer node;
  private HttpServer server;
  private Path log;

  @BeforeEach
  void start() throws Exception {
    TestAuthority.Identity identity = authority.issue("CN=server");
    SslContext tls = ServerTls.of(identity.key(), List.of(identity.certificate()));
    log = directory.resolve("0.log");
    runtime = new Runtime();
    var trust = Trust.in(List.of(authority.certificate()));
    node =
        new NodeServer(
            new NodeServer.Settings("127.0.0.1", 0, "n1", () -> tls, () -> trust),
            new ApiClient(this::review),
            new Directory(),
            () -> "metric 1\n",
            ImageContents.NONE,
            InstantSource.system());
    node.start();
    TestAuthority.Identity own = authority.issue("CN=kube-apiserver-kubelet-client");
    PodStreams streams = new PodStreams(new Stored(), new NodeDialer(() -> authority.client(own)));
    server =
        new HttpServer(
            "127.0.0.1",
            0,
            () -> tls,
            incoming -> streams.handle(incoming, Samples.attributes(incoming.path())));
    server.start();
  }

  @AfterEach
  void stop() {
    running.set(false);
    client.shutdownNow();
    server.close();
    node.close();
    runtime.close();
  }

  /** The API server as the node sees it: answers access reviews. */
  private Transport.Response review(Transport.Request request) {
    assertEquals("kube-apiserver-kubelet-client", Json.read(request.body()).text("spec", "user"));
    Tree answer = Tree.of("status", Tree.of("allowed", allowed.get()));
    return new Transport.Response(201, Map.of(), new ByteArrayInputStream(Json.write(answer)));
  }

  private final class Stored implements StreamObjects {
    @Override
    public @Nullable Tree pod(String namespace, String name) {
      if (name.equals("unbound")) {
        return Samples.pod("unbound", "main").copy().drop("spec", "nodeName").freeze();
      }
      return Samples.PODS.stream()
          .filter(each -> each.textOrEmpty("metadata", "name").equals(name))
          .findFirst()
          .orElse(null);
    }

    @Override
    public Tree node(String name) {
      return Tree.of(
          "status",
          Tree.of(
              "addresses",
              TreeList.of(Tree.of("type", "InternalIP", "address", "127.0.0.1")),
              "daemonEndpoints",
              Tree.of("kubeletEndpoint", Tree.of("Port", node.port()))));
    }

    @Override
    public @Nullable Tree service(String namespace, String name) {
      return name.equals("svc")
          ? Tree.of("spec", Tree.of("ports", TreeList.of(Tree.of("name", "http", "port", 80))))
          : null;
    }

    @Override
    public List<Tree> endpointSlices(String namespace, String service) {
      return List.of();
    }
  }

  private final class Directory implements PodDirectory {
    @Override
    public List<Tree> pods() {
      return Samples.PODS;
    }

    @Override
    public Log log(Tree pod, String container, boolean previous) {
      return new Log(log, running::get);
    }

    @Override
    public URI exec(Tree pod, String container, List<String> command, Streams streams)
        throws NotRunning {
      if (command.contains("gone")) {
        throw new NotRunning("container not found (\"" + container + "\")");
      }
      int count = 1;
      count += streams.stdin() ? 1 : 0;
      count += streams.stdout() ? 1 : 0;
      count += streams.stderr() ? 1 : 0;
      count += streams.terminal() ? 1 : 0;
      return runtime.url("exec", count);
    }

    @Override
    public URI attach(Tree pod, String container, Streams streams) throws NotRunning {
      return exec(pod, container, List.of(), streams);
    }

    @Override
    public URI portForward(Tree pod, List<Integer> ports) {
      return runtime.url("portforward", 0);
    }

    @Override
    public Tree summary() {
      return Tree.of("node", Tree.of("nodeName", "n1"));
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private WebSocket connect(Messages messages, String path, String protocol) {
    return client
        .newWebSocketBuilder()
        .subprotocols(protocol)
        .buildAsync(URI.create("wss://localhost:" + server.port() + path), messages)
        .join();
  }

  private static void send(WebSocket socket, int channel, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(content.length + 1);
    message.put((byte) channel).put(content).flip();
    socket.sendBinary(message, true).join();
  }

  @Test
  void runsACommandOverTheFifthProtocol() throws Exception {
    Messages messages = new Messages();
    WebSocket socket =
        connect(
            messages,
            PODS + "web/exec?command=shout&stdin=true&stdout=true&stderr=true",
            "v5.channel.k8s.io");
    assertEquals("v5.channel.k8s.io", socket.getSubprotocol());
    send(socket, 0, "hello");
    assertEquals("1HELLO", messages.next());
    send(socket, 0, "world");
    assertEquals("1WORLD", messages.next());
    socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, 0}), true).join();
    assertEquals("2warning", messages.next());
    String status = messages.next();
    assertTrue(status.startsWith("3{") && status.contains("\"ExitCode\""), status);
  }

  @Test
  void resizesATerminalAndTellsOlderClientsOnlyTheMessage() throws Exception {
    Messages messages = new Messages();
    WebSocket socket =
        connect(messages, PODS + "web/attach?stdout=true&tty=true", "channel.k8s.io");
    send(socket, 4, "{\"Width\":80,\"Height\":24}");
    assertEquals("3exit 3", messages.next());
  }

  @Test
  void passesResizesOn() throws Exception {
    Messages messages = new Messages();
    WebSocket socket =
        connect(messages, PODS + "web/exec?command=a&stdin=1&stdout=1&tty=1", "v4.channel.k8s.io");
    send(socket, 4, "{\"Width\":80,\"Height\":24}");
    assertEquals("{\"Width\":80,\"Height\":24}", runtime.resizes.poll(10, TimeUnit.SECONDS));
    socket.abort();
  }

  @Test
  void passesSpdyOnAsItIs() throws Exception {
    HttpExchange exchange =
        HttpExchange.send(
            HttpExchange.Address.verified("localhost", server.port(), authority.client(null)),
            "POST",
            PODS + "web/exec?command=shout&stdin=true&stdout=true",
            List.of(
                Map.entry("Connection", "Upgrade"),
                Map.entry("Upgrade", "SPDY/3.1"),
                Map.entry("X-Stream-Protocol-Version", "v4.channel.k8s.io"),
                Map.entry("X-Stream-Protocol-Version", "v3.channel.k8s.io")),
            new byte[0],
            Duration.ofSeconds(10));
    assertEquals(101, exchange.status());
    assertEquals("v4.channel.k8s.io", exchange.headers().get("x-stream-protocol-version"));
    try (SpdyConnection spdy = new SpdyConnection(exchange, true, SpdyStream::reset)) {
      Thread.ofVirtual().start(() -> run(spdy));
      SpdyStream error = spdy.open(Map.of("streamtype", "error"));
      SpdyStream stdin = spdy.open(Map.of("streamtype", "stdin"));
      SpdyStream stdout = spdy.open(Map.of("streamtype", "stdout"));
      byte[] much = "abc".repeat(100_000).getBytes(StandardCharsets.UTF_8);
      Thread.ofVirtual()
          .start(
              () -> {
                try (OutputStream out = stdin.output()) {
                  out.write(much);
                } catch (java.io.IOException gone) {
                  spdy.close();
                }
              });
      assertEquals("ABC".repeat(100_000), new String(stdout.input().readAllBytes(), "UTF-8"));
      assertTrue(new String(error.input().readAllBytes(), "UTF-8").contains("exit 3"));
    }
  }

  private static void run(SpdyConnection spdy) {
    try {
      spdy.run();
    } catch (java.io.IOException gone) {
      spdy.close();
    }
  }

  @Test
  void tunnelsPortForwardingThroughAWebSocket() throws Exception {
    HttpExchange exchange =
        HttpExchange.send(
            HttpExchange.Address.verified("localhost", server.port(), authority.client(null)),
            "GET",
            PODS + "web/portforward",
            List.of(
                Map.entry("Connection", "Upgrade"),
                Map.entry("Upgrade", "websocket"),
                Map.entry("Sec-WebSocket-Version", "13"),
                Map.entry("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                Map.entry("Sec-WebSocket-Protocol", "SPDY/3.1+portforward.k8s.io")),
            new byte[0],
            Duration.ofSeconds(10));
    assertEquals(101, exchange.status());
    assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", exchange.headers().get("sec-websocket-accept"));
    assertEquals("SPDY/3.1+portforward.k8s.io", exchange.headers().get("sec-websocket-protocol"));
    try (SpdyConnection spdy = new SpdyConnection(new Tunnel(exchange), true, SpdyStream::reset)) {
      Thread.ofVirtual().start(() -> run(spdy));
      spdy.open(Map.of("streamtype", "error", "port", "80", "requestid", "0"));
      SpdyStream data = spdy.open(Map.of("streamtype", "data", "port", "80", "requestid", "0"));
      data.output().write("ping".getBytes(StandardCharsets.UTF_8));
      data.output().close();
      assertEquals("port 80:ping", new String(data.input().readAllBytes(), "UTF-8"));
    }
  }

  @Test
  void forwardsPortsOverTheOlderChannels() throws Exception {
    Messages messages = new Messages();
    WebSocket socket = connect(messages, PODS + "web/portforward?ports=80", "v4.channel.k8s.io");
    assertEquals("0P\0", messages.next());
    assertEquals("1P\0", messages.next());
    assertEquals("0port 80:", messages.next());
    send(socket, 0, "ping");
    assertEquals("0ping", messages.next());
    socket.abort();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none/log|404|pods \"none\" not found",
        "two/log|400|a container name must be specified for pod two, choose one of: [one two]",
        "web/log?container=x|400|container x is not valid for pod web",
        "slow/log|400|container \"waiting\" in pod \"slow\" is waiting to start: ContainerCreating",
        "web/log?previous=true|400|previous terminated container \"main\" in pod \"web\" not found",
        "web/log?tailLines=-1|422|tailLines: Invalid value: -1: must be greater than or equal to 0",
        "web/log?limitBytes=0|422|limitBytes: Invalid value: 0: must be greater than 0",
        "web/exec?command=a&stdout=1|400|Upgrade request required",
        "unbound/exec?command=a|400|pod unbound does not have a host assigned",
      })
  void refusesInUpstreamsWords(String path, int code, String message) throws Exception {
    HttpResponse<String> answer = get(PODS + path);
    assertEquals(code, answer.statusCode(), answer.body());
    String words = Json.read(answer.body().getBytes(StandardCharsets.UTF_8)).text("message");
    assertTrue(words != null && words.endsWith(message), words);
  }

  @Test
  void hasNoLogBeforeThePodHasANode() throws Exception {
    assertEquals(204, get(PODS + "unbound/log").statusCode());
  }

  @Test
  void refusesWhatTheNodeRefuses() throws Exception {
    allowed.set(false);
    HttpResponse<String> answer = get(PODS + "web/log");
    assertEquals(500, answer.statusCode());
    assertTrue(
        answer.body().contains("Forbidden (user=kube-apiserver-kubelet-client"), answer.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|one\\ntwo three\\nbad\\nlast\\n",
        "?tailLines=2|bad\\nlast\\n",
        "?limitBytes=5|one\\nt",
        "?sinceTime=2026-01-01T00:00:03Z|bad\\nlast\\n",
        "?stream=Stderr|bad\\n",
        "?tailLines=1&timestamps=true|2026-01-01T00:00:04.5Z last\\n",
      })
  void readsTheWantedPartOfALog(String query, String expected) throws Exception {
    Files.writeString(
        log,
        """
        2026-01-01T00:00:01Z stdout F one
        2026-01-01T00:00:02Z stdout P two\s
        2026-01-01T00:00:02Z stdout F three
        2026-01-01T00:00:03Z stderr F bad
        2026-01-01T00:00:04.5Z stdout F last
        """);
    HttpResponse<String> answer = get(PODS + "web/log" + query);
    assertEquals(200, answer.statusCode());
    assertEquals("text/plain", answer.headers().firstValue("content-type").orElse(""));
    assertEquals(expected.replace("\\n", "\n"), answer.body());
  }

  @Test
  void sendsALogOverAWebSocket() throws Exception {
    Files.writeString(log, "2026-01-01T00:00:01Z stdout F one\n");
    Messages messages = new Messages();
    WebSocket socket = connect(messages, PODS + "web/log?follow=true", "binary.k8s.io");
    assertEquals("binary.k8s.io", socket.getSubprotocol());
    byte[] part = java.util.Objects.requireNonNull(messages.received.poll(10, TimeUnit.SECONDS));
    assertEquals("one\n", new String(part, StandardCharsets.UTF_8));
    running.set(false);
  }

  @Test
  void followsALogThroughARotationToItsEnd() throws Exception {
    Files.writeString(log, "2026-01-01T00:00:01Z stdout F one\n");
    HttpResponse<InputStream> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("https://localhost:" + server.port() + PODS + "web/log?follow=true"))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    InputStream body = answer.body();
    assertEquals("one\n", new String(body.readNBytes(4), StandardCharsets.UTF_8));
    Files.writeString(log, "2026-01-01T00:00:02Z stdout F two\n", StandardOpenOption.APPEND);
    assertEquals("two\n", new String(body.readNBytes(4), StandardCharsets.UTF_8));
    Files.move(log, directory.resolve("0.log.20260101"));
    Files.writeString(log, "2026-01-01T00:00:03Z stdout F new\n");
    assertEquals("new\n", new String(body.readNBytes(4), StandardCharsets.UTF_8));
    running.set(false);
    assertEquals(-1, body.read());
  }

  @Test
  void proxiesToTheNodeAndRedirectsTheBarePath() throws Exception {
    HttpResponse<String> bare = get("/api/v1/nodes/n1/proxy?a=b");
    assertEquals(301, bare.statusCode());
    assertEquals("/api/v1/nodes/n1/proxy/?a=b", bare.headers().firstValue("location").orElse(""));
    assertEquals("ok", get("/api/v1/nodes/n1/proxy/healthz").body());
    assertEquals("metric 1\n", get("/api/v1/nodes/n1:" + node.port() + "/proxy/metrics").body());
    assertEquals(
        3,
        Json.read(get("/api/v1/nodes/n1/proxy/pods").body().getBytes(StandardCharsets.UTF_8))
            .list("items")
            .size());
  }

  @Test
  void refusesProxyTargetsInUpstreamsWords() throws Exception {
    assertTrue(
        get("/api/v1/namespaces/ns/services/svc:http/proxy/")
            .body()
            .contains("no endpoints available for service \\\"svc\\\""));
    assertTrue(
        get("/api/v1/namespaces/ns/services/svc:9/proxy/")
            .body()
            .contains("no service port 9 found for service \\\"svc\\\""));
    assertTrue(get(PODS + "web:80/proxy/").body().contains("address not allowed"));
    assertTrue(get(PODS + "a:b:c/proxy/").body().contains("invalid pod request \\\"a:b:c\\\""));
  }

  @Test
  void keepsStrangersFromTheNode() throws Exception {
    for (TestAuthority.Identity stranger :
        new TestAuthority.Identity[] {null, new TestAuthority().issue("CN=system:admin")}) {
      HttpExchange exchange =
          HttpExchange.send(
              HttpExchange.Address.verified("127.0.0.1", node.port(), authority.client(stranger)),
              "GET",
              "/pods",
              List.of(),
              new byte[0],
              Duration.ofSeconds(10));
      assertEquals(401, exchange.status());
      exchange.close();
    }
  }
}
