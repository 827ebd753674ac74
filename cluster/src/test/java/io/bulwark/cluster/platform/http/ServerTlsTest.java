package io.bulwark.cluster.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ServerTlsTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestAuthority.Identity SERVER = AUTHORITY.issue("CN=server");

  /** A record with a ClientHello of TLS 1.1: no randomness, one cipher suite, no extensions. */
  private static final byte[] HELLO_OF_VERSION_11 =
      HexFormat.of()
          .parseHex("160301002d" + "01000029" + "0302" + "00".repeat(32) + "000002c0130100");

  enum Outcome {
    PROVED,
    ANONYMOUS,
    GIVES_UP
  }

  @Test
  void theNativeLibraryLoads() {
    assertTrue(OpenSsl.isAvailable(), () -> String.valueOf(OpenSsl.unavailabilityCause()));
  }

  /** The limits are BoringSSL's: a client with another key is anonymous, or gives up by itself. */
  @ParameterizedTest
  @CsvSource({
    "JDK,Ed25519,Ed25519,PROVED",
    "JDK,EC,secp521r1,PROVED",
    "OPENSSL,EC,secp384r1,PROVED",
    "OPENSSL,Ed25519,Ed25519,ANONYMOUS",
    "OPENSSL,EC,secp521r1,GIVES_UP",
  })
  void whichKeysOfClientsProveThem(
      SslProvider provider, String algorithm, String curve, Outcome outcome) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(
        algorithm.equals("EC") ? new ECGenParameterSpec(curve) : new NamedParameterSpec(curve));
    SslContext tls = ServerTls.of(SERVER.key(), List.of(SERVER.certificate()), provider);
    AtomicReference<@Nullable Credentials> shown = new AtomicReference<>();
    try (HttpServer server =
        new HttpServer(
            "127.0.0.1",
            0,
            () -> tls,
            incoming -> {
              shown.set(incoming.credentials());
              return Outgoing.Complete.of(200, "text/plain", new byte[] {'x'});
            })) {
      server.start();
      TestAuthority.Identity client = AUTHORITY.issue("CN=client", generator.generateKeyPair());
      if (outcome == Outcome.GIVES_UP) {
        assertThrows(SSLException.class, () -> ask(server, client));
        assertNull(shown.get());
      } else {
        ask(server, client);
        assertEquals(outcome == Outcome.PROVED, shown.get() instanceof Credentials.Certificate);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "OPENSSL"})
  void takesClientsWithAndWithoutCertificates(SslProvider provider) throws Exception {
    SslContext tls = ServerTls.of(SERVER.key(), List.of(SERVER.certificate()), provider);
    AtomicReference<@Nullable Credentials> shown = new AtomicReference<>();
    HttpServer server =
        new HttpServer(
            "127.0.0.1",
            0,
            () -> tls,
            incoming -> {
              shown.set(incoming.credentials());
              return Outgoing.Complete.of(200, "text/plain", new byte[] {'x'});
            });
    server.start();
    try {
      assertEquals(HttpClient.Version.HTTP_2, ask(server, null));
      assertInstanceOf(Credentials.None.class, shown.get());
      TestAuthority.Identity client = AUTHORITY.issue("CN=client");
      assertEquals(HttpClient.Version.HTTP_2, ask(server, client));
      var proved = assertInstanceOf(Credentials.Certificate.class, shown.get());
      assertEquals(client.certificate(), proved.chain().getFirst());
      assertEquals(
          client.certificate().getSubjectX500Principal(),
          proved.chain().getFirst().getSubjectX500Principal());
    } finally {
      server.close();
    }
  }

  /** Source: RFC 8446 and RFC 5246, for the alert protocol_version (70). */
  @ParameterizedTest
  @EnumSource(names = {"JDK", "OPENSSL"})
  void takesVersion12AndRefusesVersion11(SslProvider provider) throws Exception {
    SslContext tls = ServerTls.of(SERVER.key(), List.of(SERVER.certificate()), provider);
    try (HttpServer server =
        new HttpServer(
            "127.0.0.1",
            0,
            () -> tls,
            incoming -> Outgoing.Complete.of(200, "text/plain", new byte[] {'x'}))) {
      server.start();
      try (SSLSocket client =
          (SSLSocket)
              AUTHORITY.client(null).getSocketFactory().createSocket("localhost", server.port())) {
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        client.startHandshake();
        assertEquals("TLSv1.2", client.getSession().getProtocol());
      }
      try (Socket client = new Socket("localhost", server.port())) {
        client.setSoTimeout(30_000);
        client.getOutputStream().write(HELLO_OF_VERSION_11);
        byte[] alert = client.getInputStream().readNBytes(7);
        assertEquals(21, alert[0], "the type of an alert");
        assertEquals(70, alert[6]);
      }
    }
  }

  private static HttpClient.Version ask(
      HttpServer server, TestAuthority.@Nullable Identity identity) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(AUTHORITY.client(identity)).build()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals("TLSv1.3", answer.sslSession().orElseThrow().getProtocol());
      return answer.version();
    }
  }
}
