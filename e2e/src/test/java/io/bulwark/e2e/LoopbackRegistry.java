package io.bulwark.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A registry over TLS on a loopback address, with a certificate that nobody knows at first. */
final class LoopbackRegistry implements AutoCloseable {
  private static final char[] PASSWORD = "loopback".toCharArray();
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private final HttpsServer server;
  private final Certificate certificate;
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  LoopbackRegistry(Path scratch) throws IOException, GeneralSecurityException {
    Path store = Files.createTempDirectory(scratch, "registry").resolve("keys.p12");
    Command.run(
            Duration.ofSeconds(60),
            Map.of(),
            List.of(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "registry",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-ext",
                "BC:critical=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString()))
        .ok();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    certificate = keys.getCertificate("registry");
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v2/", this::serve);
    server.start();
  }

  /** As references name it. */
  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Lets the cluster in a data directory believe this registry. */
  void trustedBy(Path dataDirectory) throws IOException, GeneralSecurityException {
    Path directory = dataDirectory.resolve("containerd/certs.d").resolve(host());
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("ca.crt"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    String address = "https://" + host();
    Files.writeString(
        directory.resolve("hosts.toml"),
        """
        server = "%s"
        [host."%s"]
          capabilities = ["pull", "resolve"]
          ca = "%s"
        """
            .formatted(address, address, directory.resolve("ca.crt")));
  }

  /** Takes in the image of an OCI archive that was unpacked; returns its digest. */
  String push(String repositoryAndTag, Path layout) throws IOException {
    Tree index = Json.read(Files.readAllBytes(layout.resolve("index.json")));
    String digest = index.trees("manifests").getFirst().textOrEmpty("digest");
    try (var files = Files.list(layout.resolve("blobs/sha256"))) {
      for (Path file : files.toList()) {
        blobs.put("sha256:" + file.getFileName(), Files.readAllBytes(file));
      }
    }
    byte[] manifest = blobs.getOrDefault(digest, new byte[0]);
    manifests.put(repositoryAndTag, manifest);
    manifests.put(repositoryAndTag.split(":")[0] + ":" + digest, manifest);
    return digest;
  }

  /** Signs an image of this registry as cosign does. */
  void sign(String repository, String digest, KeyPair key)
      throws IOException, GeneralSecurityException {
    byte[] claim =
        Json.write(
            Tree.of(
                "critical",
                Tree.of(
                    "identity", Tree.of("docker-reference", host() + "/" + repository),
                    "image", Tree.of("docker-manifest-digest", digest),
                    "type", "cosign container image signature")));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key.getPrivate());
    signature.update(claim);
    byte[] configuration = "{}".getBytes(StandardCharsets.UTF_8);
    Tree layer =
        descriptor("application/vnd.dev.cosign.simplesigning.v1+json", claim)
            .set(
                Base64.getEncoder().encodeToString(signature.sign()),
                "annotations",
                "dev.cosignproject.cosign/signature");
    byte[] manifest =
        Json.write(
            Tree.of(
                "schemaVersion",
                2L,
                "mediaType",
                MANIFEST,
                "config",
                descriptor("application/vnd.oci.image.config.v1+json", configuration),
                "layers",
                TreeList.of(layer)));
    manifests.put(repository + ":" + digest.replace(':', '-') + ".sig", manifest);
  }

  private Tree descriptor(String mediaType, byte[] content) throws GeneralSecurityException {
    String digest =
        "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    blobs.put(digest, content);
    return Tree.of("mediaType", mediaType, "digest", digest, "size", (long) content.length);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/v2/".length());
      int slash = path.lastIndexOf('/');
      String last = path.substring(slash + 1);
      boolean manifest = path.contains("/manifests/");
      byte[] found =
          path.isEmpty()
              ? new byte[0]
              : manifest
                  ? manifests.get(path.substring(0, path.indexOf("/manifests/")) + ":" + last)
                  : blobs.get(last);
      if (found == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      Map<String, String> headers = new HashMap<>();
      headers.put("Content-Type", manifest ? MANIFEST : "application/octet-stream");
      headers.forEach(exchange.getResponseHeaders()::set);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(found.length));
      }
      exchange.sendResponseHeaders(200, head || found.length == 0 ? -1 : found.length);
      if (!head) {
        exchange.getResponseBody().write(found);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
