package io.bulwark.cluster.platform.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.client.Kubeconfig;
import io.bulwark.client.Transport;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kubeconfig files, by connecting with what they say. */
class KubeconfigTest {
  private static final ASN1ObjectIdentifier SECP256R1 =
      new ASN1ObjectIdentifier("1.2.840.10045.3.1.7");

  private final TestAuthority authority = new TestAuthority();
  private final AtomicReference<Incoming> seen = new AtomicReference<>();

  @TempDir Path directory;

  private HttpServer serve() throws IOException {
    TestAuthority.Identity identity = authority.issue("CN=server");
    SslContext tls = ServerTls.of(identity.key(), List.of(identity.certificate()));
    HttpServer server =
        new HttpServer(
            "127.0.0.1",
            0,
            () -> tls,
            incoming -> {
              seen.set(incoming);
              return Outgoing.Complete.of(200, "a/b", new byte[0]);
            });
    server.start();
    return server;
  }

  private void request(Path file) throws Exception {
    try (var transport = Kubeconfig.load(file).connect()) {
      Transport.Response response =
          transport.exchange(new Transport.Request("GET", "/", Map.of(), new byte[0]));
      assertEquals(200, response.status());
    }
  }

  private static byte[] pem(String kind, byte[] der) {
    return ("-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + kind
            + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] pem(X509Certificate certificate) throws Exception {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  private static byte[] sec1(PrivateKey key) throws Exception {
    return new ECPrivateKey(256, ((java.security.interfaces.ECPrivateKey) key).getS(), SECP256R1)
        .getEncoded("DER");
  }

  @Test
  void savesForTheOwnerAloneAndConnects() throws Exception {
    try (HttpServer server = serve()) {
      TestAuthority.Identity me = authority.issue("CN=me");
      Kubeconfig config =
          Kubeconfig.ofCertificate(
              URI.create("https://127.0.0.1:" + server.port()),
              pem(authority.certificate()),
              pem(me.certificate()),
              pem("PRIVATE KEY", me.key().getEncoded()));
      Path file = directory.resolve("sub/admin.conf");
      config.save(file, "bulwark");
      config.save(file, "bulwark");
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertArrayEquals(config.authority(), Kubeconfig.load(file).authority());
      request(file);
      var shown = (Credentials.Certificate) Objects.requireNonNull(seen.get()).credentials();
      assertEquals(me.certificate(), shown.chain().getFirst());
      assertTrue(!config.toString().contains("PRIVATE"));
    }
  }

  @Test
  void readsFilesBesideIt() throws Exception {
    try (HttpServer server = serve()) {
      Files.write(directory.resolve("ca.crt"), pem(authority.certificate()));
      Files.writeString(directory.resolve("token"), "secret\n");
      Path file = directory.resolve("config");
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: two
          contexts:
          - {name: one, context: {cluster: none, user: none}}
          - {name: two, context: {cluster: c, user: u, namespace: team}}
          clusters:
          - name: c
            cluster:
              server: https://127.0.0.1:%d
              certificate-authority: ca.crt
          users:
          - name: u
            user:
              tokenFile: token
          """
              .formatted(server.port()));
      request(file);
      assertEquals("Bearer secret", Objects.requireNonNull(seen.get()).header("authorization"));
      assertEquals("team", Kubeconfig.load(file).namespace());
    }
  }

  @Test
  void readsEllipticCurveKeysOfTheOlderForm() throws Exception {
    TestAuthority.Identity me = authority.issue("CN=me");
    byte[] certificate = pem(me.certificate());
    URI anywhere = URI.create("https://127.0.0.1:1");
    byte[] trusted = pem(authority.certificate());
    Kubeconfig.ofCertificate(anywhere, trusted, certificate, pem("EC PRIVATE KEY", sec1(me.key())))
        .tls();
    assertThrows(
        Exception.class,
        () ->
            Kubeconfig.ofCertificate(
                    anywhere, trusted, certificate, pem("EC PRIVATE KEY", new byte[] {0x30, 2}))
                .tls());
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    Path file = directory.resolve("config");
    for (String text : List.of("a: [", "{}", "current-context: x")) {
      Files.writeString(file, text);
      IOException refused = assertThrows(IOException.class, () -> Kubeconfig.load(file));
      String message = Objects.requireNonNull(refused.getMessage());
      assertTrue(message.startsWith(file.toString()), message);
    }
  }
}
