package io.bulwark.cluster.image.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.bulwark.cluster.image.layer.TestImage;
import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.ServerNames;
import io.bulwark.cluster.platform.tls.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A registry on a loopback address with a certificate of a test's own authority. */
final class LoopbackRegistry implements AutoCloseable {
  /** Address, query and authorization of each request. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final Path authority;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable String expected;
  private volatile @Nullable String challenge;
  private volatile @Nullable String tokenUser;
  private volatile @Nullable String blobsAt;
  private volatile boolean stalls;

  LoopbackRegistry(Path directory, boolean tls) throws Exception {
    this(directory, tls, "127.0.0.1");
  }

  /** The certificate is for 127.0.0.1, whatever the address. */
  LoopbackRegistry(Path directory, boolean tls, String address) throws Exception {
    Pki pki =
        Pki.open(
            directory,
            new ServerNames("cluster.local", List.of(), List.of("127.0.0.1")),
            InstantSource.system());
    authority = Files.writeString(directory.resolve("test-ca.pem"), pki.authority().pem());
    InetSocketAddress any = new InetSocketAddress(address, 0);
    if (tls) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {pki.server().keyManager()},
          new javax.net.ssl.TrustManager[] {Trust.in(List.of(pki.authority().certificate()))},
          null);
      HttpsServer https = HttpsServer.create(any, 0);
      https.setHttpsConfigurator(new HttpsConfigurator(context));
      server = https;
    } else {
      server = HttpServer.create(any, 0);
    }
    pki.close();
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  Path authority() {
    return authority;
  }

  void serve(String repository, String tag, TestImage image) {
    String manifest = image.manifestDescriptor().textOrEmpty("digest");
    String base = "/v2/" + repository;
    image.blobs.forEach(
        (digest, content) -> {
          contents.put(base + "/blobs/" + digest, content);
          contents.put(base + "/manifests/" + digest, content);
        });
    contents.put(base + "/manifests/" + tag, image.blobs.get(manifest));
  }

  void put(String path, byte[] content) {
    contents.put(path, content);
  }

  void lie(String digest, byte[] content) {
    contents.replaceAll((path, before) -> path.endsWith("/blobs/" + digest) ? content : before);
  }

  void basic(String user, String password) {
    expected = basicHeader(user, password);
    challenge = "Basic realm=\"registry\"";
  }

  void tokens(String user, String password) {
    tokenUser = user.equals("<token>") ? password : basicHeader(user, password);
    expected = "Bearer abc.def";
    challenge =
        "Bearer realm=\"https://127.0.0.1:%d/token\",service=\"tests\",scope=\"x\""
            .formatted(port());
  }

  void redirectBlobs(String base) {
    blobsAt = base;
  }

  void stall() {
    stalls = true;
  }

  private static String basicHeader(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      requests.add(exchange.getRequestURI() + " " + authorization);
      if (path.equals("/token")) {
        token(exchange, authorization);
      } else if (expected != null && !expected.equals(authorization)) {
        exchange.getResponseHeaders().add("WWW-Authenticate", String.valueOf(challenge));
        send(exchange, 401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
      } else if (path.contains("/blobs/") && blobsAt != null) {
        exchange.getResponseHeaders().add("Location", blobsAt + path);
        send(exchange, 307, "");
      } else if (stalls) {
        stall(exchange);
      } else {
        byte[] content = contents.get(path);
        if (content == null) {
          send(exchange, 404, "{\"errors\":[{\"message\":\"manifest unknown\"}]}");
        } else {
          send(exchange, 200, content);
        }
      }
    }
  }

  private void token(HttpExchange exchange, @Nullable String authorization) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean known =
        exchange.getRequestMethod().equals("POST")
            ? form.contains("grant_type=refresh_token")
                && form.contains("refresh_token=" + tokenUser)
            : String.valueOf(tokenUser).equals(authorization);
    send(exchange, known ? 200 : 401, "{\"token\":\"abc.def\"}");
  }

  private void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    try {
      stopped.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    if (content.length > 0) {
      exchange.getResponseBody().write(content);
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    server.stop(0);
    threads.close();
  }
}
