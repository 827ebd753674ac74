package io.bulwark.cluster.join;

import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.HttpsTransport;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.tls.Authority;
import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.Identity;
import io.bulwark.cluster.platform.tls.KeyFiles;
import io.bulwark.cluster.platform.tls.Pem;
import io.bulwark.cluster.platform.tls.SigningRequest;
import io.bulwark.cluster.platform.tls.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a joined node: the one that it shows to the API server, got with a join token
 * the first time, and the one that its own endpoint shows. Both are renewed while it runs.
 */
public final class NodeCertificates implements Component {
  private static final System.Logger LOG = System.getLogger(NodeCertificates.class.getName());
  private static final Duration LOOK = Duration.ofMinutes(10);
  private static final String AUTHORITY = "ca.crt";
  private static final String ORGANIZATION = "system:nodes";

  private final Path directory;
  private final URI server;
  private final Node node;
  private final InstantSource clock;
  private volatile X509Certificate authority;
  private final Identity client;
  private volatile @Nullable Identity serving;
  private @Nullable Thread renewal;

  /**
   * @param name of the node
   * @param address of the node
   */
  public record Node(String name, String address) {}

  private NodeCertificates(
      Path directory,
      URI server,
      Node node,
      InstantSource clock,
      X509Certificate authority,
      Identity client) {
    this.directory = directory;
    this.server = server;
    this.node = node;
    this.clock = clock;
    this.authority = authority;
    this.client = client;
  }

  /**
   * Reads the certificates of an earlier run, or gets the first one.
   *
   * @param token needed where the directory holds no usable certificate; else it may be null
   * @param pin hash of the authority's key, or null
   * @throws IOException if the server cannot be reached, is another one, or refuses
   */
  public static NodeCertificates obtain(
      Path directory,
      URI server,
      Node node,
      @Nullable String token,
      @Nullable String pin,
      InstantSource clock)
      throws IOException, GeneralSecurityException, InterruptedException {
    Files.createDirectories(directory);
    Path authorityFile = directory.resolve(AUTHORITY);
    Path certificate = directory.resolve("node-client.crt");
    Path key = directory.resolve("node-client.key");
    X509Certificate authority;
    if (Files.exists(authorityFile)) {
      authority = Pem.certificates(Files.readString(authorityFile)).getFirst();
      if (pin != null && !pin.equals(Authority.hash(authority))) {
        throw new IOException(
            "%s knows a cluster with the hash %s, not %s; reset the data directory to join another"
                .formatted(directory, Authority.hash(authority), pin));
      }
    } else {
      authority = AuthorityDiscovery.discover(server.getHost(), server.getPort(), pin);
      if (pin == null) {
        LOG.log(
            System.Logger.Level.WARNING,
            "no --ca-hash: trusting the authority {0} that {1} showed; compare it with what bulwark token create prints",
            Authority.hash(authority),
            server);
      }
      KeyFiles.writePublic(authorityFile, Pem.encode(authority));
    }
    if (Files.exists(certificate) && Files.exists(key)) {
      Identity known = Identity.read(certificate, key);
      if (known.certificate().getNotAfter().toInstant().isAfter(clock.instant())) {
        requireHolder(known.certificate(), node.name());
        return new NodeCertificates(directory, server, node, clock, authority, known);
      }
    }
    if (token == null) {
      throw new IOException("no usable certificate in " + directory + "; give a --token");
    }
    SSLContext tls = Trust.context(null, Trust.in(List.of(authority)));
    try (HttpsTransport transport = new HttpsTransport(server, tls, () -> token)) {
      Identity first =
          order(
              new ApiClient(transport),
              CertificateOrder.NODE_CLIENT,
              "client auth",
              node.name(),
              Names.NONE,
              certificate,
              key);
      return new NodeCertificates(directory, server, node, clock, authority, first);
    } catch (ApiException refused) {
      throw new IOException(
          "the cluster refused to let this machine join: " + refused.getMessage(), refused);
    }
  }

  private static void requireHolder(X509Certificate certificate, String nodeName)
      throws IOException {
    String holder = certificate.getSubjectX500Principal().getName();
    if (!List.of(holder.split(",", -1)).contains("CN=system:node:" + nodeName)) {
      throw new IOException(
          "this machine joined as %s, not as node %s; give the name that it has, or reset the data directory"
              .formatted(holder.replaceAll(".*CN=system:node:([^,]*).*", "node $1"), nodeName));
    }
  }

  private static Identity order(
      ApiClient client,
      String signer,
      String usage,
      String nodeName,
      Names names,
      Path certificate,
      Path key)
      throws IOException, GeneralSecurityException, InterruptedException {
    KeyPair keys = Authority.newKeys();
    String request =
        SigningRequest.create(keys, "system:node:" + nodeName, List.of(ORGANIZATION), names);
    String pem =
        CertificateOrder.place(client, signer, request, List.of("digital signature", usage));
    KeyFiles.writeSecret(key, Pem.encode(keys.getPrivate()));
    KeyFiles.writePublic(certificate, pem);
    return Identity.of(pem, Pem.encode(keys.getPrivate()));
  }

  /** The newest certificate that is known of the cluster's authority. */
  public X509Certificate authority() {
    return authority;
  }

  /** What to connect to the API server with; a renewed certificate is used at once. */
  public SSLContext clientContext() throws GeneralSecurityException {
    return Trust.context(client.keyManager(), Trust.in(List.of(authority)));
  }

  /** The certificate of the node's own endpoint; ordered on first call if there is none to use. */
  public synchronized Identity serving(ApiClient api)
      throws IOException, GeneralSecurityException, InterruptedException {
    Identity known = serving;
    if (known == null) {
      Path certificate = directory.resolve("node-server.crt");
      Path key = directory.resolve("node-server.key");
      if (Files.exists(certificate) && Files.exists(key)) {
        known = Identity.read(certificate, key);
      }
      if (known == null || expired(known)) {
        known = orderServing(api);
      }
      serving = known;
    }
    return known;
  }

  private boolean expired(Identity identity) {
    return !identity.certificate().getNotAfter().toInstant().isAfter(clock.instant());
  }

  private Identity orderServing(ApiClient api)
      throws IOException, GeneralSecurityException, InterruptedException {
    return order(
        api,
        CertificateOrder.NODE_SERVER,
        "server auth",
        node.name(),
        Names.of(List.of(node.name()), List.of(node.address())),
        directory.resolve("node-server.crt"),
        directory.resolve("node-server.key"));
  }

  /** Begins to renew. */
  @Override
  public void start() throws GeneralSecurityException {
    start(LOOK);
  }

  /**
   * @param pause between one look at the certificates and the next; the first is at once
   */
  synchronized void start(Duration pause) throws GeneralSecurityException {
    HttpsTransport transport = new HttpsTransport(server, clientContext(), () -> null);
    ApiClient api = new ApiClient(transport);
    renewal =
        Thread.ofVirtual()
            .name("node-certificates")
            .start(
                () -> {
                  try (transport) {
                    renewUntilClosed(api, pause);
                  }
                });
  }

  private void renewUntilClosed(ApiClient api, Duration pause) {
    while (true) {
      try {
        look(api);
        Thread.sleep(pause); // lives are counted in months
      } catch (InterruptedException closed) {
        return;
      }
    }
  }

  private void look(ApiClient api) throws InterruptedException {
    try {
      renewDue(api);
    } catch (IOException | GeneralSecurityException | RuntimeException later) {
      LOG.log(System.Logger.Level.WARNING, "certificates not renewed yet: {0}", later.getMessage());
    }
  }

  void renewDue(ApiClient api) throws IOException, GeneralSecurityException, InterruptedException {
    Instant now = clock.instant();
    if (Identity.renewal(authority).isBefore(now)) {
      refreshAuthority();
    }
    if (client.renewal().isBefore(now)) {
      Identity fresh =
          order(
              api,
              CertificateOrder.NODE_CLIENT,
              "client auth",
              node.name(),
              Names.NONE,
              directory.resolve("node-client.crt"),
              directory.resolve("node-client.key"));
      replace(client, fresh);
    }
    Identity server = serving;
    if (server != null && server.renewal().isBefore(now)) {
      replace(server, orderServing(api));
    }
  }

  /** The authority is renewed with the same key; the API server shows its newest certificate. */
  private void refreshAuthority() throws IOException, GeneralSecurityException {
    X509Certificate known = authority;
    X509Certificate shown =
        AuthorityDiscovery.discover(server.getHost(), server.getPort(), Authority.hash(known));
    if (shown.getNotAfter().toInstant().isAfter(known.getNotAfter().toInstant())) {
      KeyFiles.writePublic(directory.resolve(AUTHORITY), Pem.encode(shown));
      authority = shown;
    }
  }

  private static void replace(Identity old, Identity fresh) throws GeneralSecurityException {
    old.replace(Pem.certificates(fresh.certificatePem()), Pem.privateKey(fresh.keyPem()));
  }

  @Override
  public synchronized void close() {
    Thread thread = renewal;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
      renewal = null;
    }
  }
}
