package io.bulwark.cluster.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A registry with one image on loopback: TLS with a certificate of its own, and a password. */
final class OwnRegistry implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final Map<String, byte[]> blobs = new HashMap<>();
  private final Path directory = Files.createTempDirectory("bulwark-registry");
  private final HttpsServer server;
  private final String login;

  OwnRegistry(Path archive, String user, String password) throws Exception {
    login =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    read(archive);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it listens, as image names have it. */
  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** The certificate that clients must trust, in PEM. */
  Path certificate() {
    return directory.resolve("certificate.pem");
  }

  private void read(Path archive) throws IOException {
    try (InputStream file = Files.newInputStream(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(file)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        blobs.put(entry.getName().replaceFirst("^\\./", ""), tar.readAllBytes());
      }
    }
  }

  private SSLContext tls() throws Exception {
    Path store = directory.resolve("store.p12");
    keytool(
        "-genkeypair", store, "-keyalg", "EC", "-dname", "CN=registry", "-ext", "san=ip:127.0.0.1");
    keytool("-exportcert", store, "-rfc", "-file", certificate().toString());
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String verb, Path store, String... more) throws Exception {
    java.util.List<String> command =
        new java.util.ArrayList<>(
            java.util.List.of(
                System.getProperty("java.home") + "/bin/keytool",
                verb,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                "registry"));
    command.addAll(java.util.List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (!login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"own\"");
        exchange.sendResponseHeaders(401, -1);
      } else if (path.equals("/v2/")) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        send(exchange, path);
      }
    }
  }

  private void send(HttpExchange exchange, String path) throws IOException {
    Tree manifest =
        Json.read(Objects.requireNonNull(blobs.get("index.json"))).trees("manifests").getFirst();
    String last = path.substring(path.lastIndexOf('/') + 1);
    String digest = last.startsWith("sha256:") ? last : manifest.textOrEmpty("digest");
    byte[] blob = blobs.get("blobs/" + digest.replace(':', '/'));
    if (blob == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            path.contains("/manifests/")
                ? manifest.textOrEmpty("mediaType")
                : "application/octet-stream");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(blob.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(200, blob.length);
      exchange.getResponseBody().write(blob);
    }
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    OwnContainerd.delete(directory);
  }
}
