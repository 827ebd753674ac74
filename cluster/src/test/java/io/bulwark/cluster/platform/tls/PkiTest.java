package io.bulwark.cluster.platform.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.platform.tls.Certification.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
  private static final ServerNames NAMES =
      new ServerNames("cluster.local", List.of("host"), List.of("10.96.0.1", "192.0.2.7"));

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;

  @TempDir Path directory;

  @Test
  void secondStartReadsWhatTheFirstMade() throws Exception {
    Pki first = Pki.open(directory, NAMES, clock);
    Pki second = Pki.open(directory, NAMES, clock);
    assertEquals(first.authority().certificate(), second.authority().certificate());
    assertEquals(first.server().certificate(), second.server().certificate());
    assertEquals(first.admin().keyPem(), second.admin().keyPem());
    assertEquals(first.tokenKeys().verifying(), second.tokenKeys().verifying());
    assertEquals(first.authority().hash(), second.authority().hash());
    assertTrue(first.authority().hash().matches("sha256:[0-9a-f]{64}"));
  }

  @Test
  void keysAreReadableByTheirOwnerOnly() throws Exception {
    Pki.open(directory.resolve("pki"), NAMES, clock);
    try (var files = Files.list(directory.resolve("pki"))) {
      for (Path file : files.toList()) {
        assertEquals(
            file.toString().endsWith(".crt") ? "rw-r--r--" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file.toString());
      }
    }
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("pki"))));
  }

  @Test
  void serverHasAllNamesAndNewOnesAfterAChange() throws Exception {
    Pki pki = Pki.open(directory, NAMES, clock);
    assertEquals(
        java.util.Set.of(
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "localhost",
            "host",
            "127.0.0.1",
            "10.96.0.1",
            "192.0.2.7"),
        CertificateNames.of(pki.server().certificate()));
    Pki moved =
        Pki.open(
            directory, new ServerNames("cluster.local", List.of(), List.of("192.0.2.8")), clock);
    assertTrue(CertificateNames.of(moved.server().certificate()).contains("192.0.2.8"));
    assertEquals(pki.authority().certificate(), moved.authority().certificate());
  }

  @Test
  void renewsAfterFourFifthsOfALifeAndServesTheNewCertificateAtOnce() throws Exception {
    now.updateAndGet(time -> time.minus(Duration.ofDays(293)));
    Pki pki = Pki.open(directory, NAMES, clock);
    X509Certificate before = pki.server().certificate();
    try (var server = new EchoServer(pki)) {
      assertEquals(before, server.presented());
      now.updateAndGet(time -> time.plus(Duration.ofDays(291)));
      pki.renewDue();
      assertEquals(before, pki.server().certificate());
      now.updateAndGet(time -> time.plus(Duration.ofDays(2)));
      pki.renewDue();
      assertNotEquals(before, pki.server().certificate());
      assertEquals(pki.server().certificate(), server.presented());
    }
  }

  @Test
  void renewedAuthorityKeepsItsKey() throws Exception {
    Pki pki = Pki.open(directory, NAMES, clock);
    X509Certificate before = pki.authority().certificate();
    String hash = pki.authority().hash();
    AtomicInteger told = new AtomicInteger();
    pki.onRenewal(told::incrementAndGet);
    pki.renewDue();
    assertEquals(0, told.get());
    now.updateAndGet(time -> time.plus(Duration.ofDays(2930)));
    pki.renewDue();
    assertEquals(1, told.get());
    assertNotEquals(before, pki.authority().certificate());
    assertEquals(hash, pki.authority().hash());
    pki.server().certificate().verify(before.getPublicKey());
  }

  @Test
  void halfWrittenPairIsMadeAnewButAMissingAuthorityKeyIsAnError() throws Exception {
    Pki pki = Pki.open(directory, NAMES, clock);
    Files.writeString(directory.resolve("admin.key"), Pem.encode(Authority.newKeys().getPrivate()));
    Pki again = Pki.open(directory, NAMES, clock);
    assertNotEquals(pki.admin().certificate(), again.admin().certificate());
    Files.delete(directory.resolve("ca.key"));
    assertThrows(GeneralSecurityException.class, () -> Pki.open(directory, NAMES, clock));
  }

  @Test
  void signingRequestKeepsNamesAndRefusesAForgedSignature() throws Exception {
    var keys = Authority.newKeys();
    Names names = Names.of(List.of("node-1", "a, b"), List.of("192.0.2.1", "2001:db8:0:0:0:0:0:1"));
    String pem =
        SigningRequest.create(keys, "system:node:node-1", List.of("system:nodes", "x,y"), names);
    SigningRequest read = SigningRequest.parse(pem);
    assertEquals("system:node:node-1", read.commonName());
    assertEquals(List.of("system:nodes", "x,y"), read.organizations());
    assertEquals(names, read.names());
    assertEquals(keys.getPublic(), read.key());

    byte[] der = Pem.decode(pem, "CERTIFICATE REQUEST").getFirst();
    der[der.length - 1] ^= 1;
    assertThrows(
        GeneralSecurityException.class,
        () -> SigningRequest.parse(Pem.encode("CERTIFICATE REQUEST", der)));
  }

  /** Accepts connections one after another and hangs up after the handshake. */
  private static final class EchoServer implements AutoCloseable {
    private final SSLServerSocket socket;
    private final SSLContext client;
    private final Thread accepting;

    EchoServer(Pki pki) throws Exception {
      var trust = Trust.in(List.of(pki.authority().certificate()));
      client = Trust.context(null, trust);
      socket =
          (SSLServerSocket)
              Trust.context(pki.server().keyManager(), trust)
                  .getServerSocketFactory()
                  .createServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress());
      accepting = Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
      while (!socket.isClosed()) {
        try (SSLSocket connection = (SSLSocket) socket.accept()) {
          connection.setSoTimeout(10_000);
          connection.startHandshake();
          connection.getOutputStream().write(1);
        } catch (java.io.IOException closed) {
          // The next client, or the end of the loop.
        }
      }
    }

    X509Certificate presented() throws Exception {
      try (SSLSocket connection =
          (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", socket.getLocalPort())) {
        connection.setSoTimeout(10_000);
        connection.startHandshake();
        X509Certificate peer = (X509Certificate) connection.getSession().getPeerCertificates()[0];
        connection.getSession().invalidate();
        connection.getInputStream().read();
        return peer;
      }
    }

    @Override
    public void close() throws Exception {
      socket.close();
      accepting.join();
    }
  }
}
