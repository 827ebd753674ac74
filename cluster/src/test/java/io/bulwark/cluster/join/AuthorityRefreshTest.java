package io.bulwark.cluster.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.bulwark.client.ApiClient;
import io.bulwark.client.HttpsTransport;
import io.bulwark.cluster.platform.tls.Identity;
import io.bulwark.cluster.platform.tls.Pem;
import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.ServerNames;
import io.bulwark.cluster.platform.tls.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A joined node's copy of the authority's certificate follows it, and nobody else's. */
class AuthorityRefreshTest {
  private static final ServerNames NAMES = new ServerNames("cluster.local", List.of(), List.of());
  private static final Instant TODAY = Instant.now();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(TODAY.minus(Duration.ofDays(3285)));

  @TempDir Path cluster;
  @TempDir Path another;
  @TempDir Path node;

  @Test
  void aRenewedAuthorityIsTakenOverAndAnotherIsNot() throws Exception {
    Pki pki = Pki.open(cluster, NAMES, now::get);
    X509Certificate first = pki.authority().certificate();
    Pki stranger = Pki.open(another, NAMES, now::get);
    now.set(TODAY);
    Identity client = pki.client("node", "system:node:worker", List.of("system:nodes"));
    Files.writeString(node.resolve("ca.crt"), Pem.encode(first));
    Files.writeString(node.resolve("node-client.crt"), client.certificatePem());
    Files.writeString(node.resolve("node-client.key"), client.keyPem());
    pki.renewDue();
    stranger.renewDue();
    X509Certificate renewed = pki.authority().certificate();
    assertNotEquals(first, renewed);

    assertEquals(first, refreshedFrom(stranger));
    assertEquals(renewed, refreshedFrom(pki));
    assertEquals(Pem.encode(renewed), Files.readString(node.resolve("ca.crt")));
  }

  /** What the node holds after it looked at a server of this authority. */
  private X509Certificate refreshedFrom(Pki pki) throws Exception {
    Identity shown =
        new Identity(
            List.of(pki.server().certificate(), pki.authority().certificate()),
            Pem.privateKey(pki.server().keyPem()));
    try (SSLServerSocket listener =
        (SSLServerSocket)
            Trust.context(shown.keyManager(), Trust.in(List.of(pki.authority().certificate())))
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> shakeHands(listener));
      URI server = URI.create("https://127.0.0.1:" + listener.getLocalPort());
      NodeCertificates certificates =
          NodeCertificates.obtain(
              node,
              server,
              new NodeCertificates.Node("worker", "192.0.2.10"),
              null,
              null,
              now::get);
      try (HttpsTransport transport =
          new HttpsTransport(server, certificates.clientContext(), () -> null)) {
        certificates.renewDue(new ApiClient(transport));
      } catch (IOException another) {
        // A stranger is told of; what is held does not change.
      }
      return certificates.authority();
    }
  }

  private static void shakeHands(SSLServerSocket listener) {
    while (!listener.isClosed()) {
      try (SSLSocket connection = (SSLSocket) listener.accept()) {
        connection.setSoTimeout(10_000);
        connection.startHandshake();
      } catch (IOException ended) {
        // The client hangs up once it has seen the chain.
      }
    }
  }
}
