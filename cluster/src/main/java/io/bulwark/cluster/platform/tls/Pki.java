package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.Certification.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The authority, keys and certificates of a cluster, kept in a directory of PEM files and renewed
 * after four fifths of their lives while this component runs. Thread-safe.
 */
public final class Pki implements Component {
  private static final System.Logger LOG = System.getLogger(Pki.class.getName());
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
  private static final String AUTHORITY = "ca";

  private final Path directory;
  private final InstantSource clock;
  private final CompletableFuture<TokenKeyRing> tokenKeys;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Identity server;
  private final Identity admin;
  private final Identity kubeletClient;
  private final Authority authority;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private @Nullable Thread renewing;

  private record Kept(Identity identity, Certification wanted) {}

  private Pki(Path directory, ServerNames names, InstantSource clock)
      throws IOException, GeneralSecurityException {
    this.directory = directory;
    this.clock = clock;
    KeyFiles.directory(directory);
    // An RSA key takes longer to make than all the rest; nothing needs it before the first token.
    this.tokenKeys = CompletableFuture.supplyAsync(this::openTokenKeys, Thread.ofPlatform()::start);
    this.authority = readOrMakeAuthority();
    this.server =
        identity(
            "apiserver",
            new Certification(
                Certification.subject("kube-apiserver", List.of()),
                Set.of(Usage.SERVER),
                names.names(),
                YEAR));
    this.admin = client("admin", "kubernetes-admin", List.of("system:masters"));
    this.kubeletClient =
        client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", List.of());
  }

  /**
   * Reads what the directory holds and makes what it lacks.
   *
   * @param directory made with mode 0700 where it is missing
   * @throws IOException if a file cannot be read or written
   * @throws GeneralSecurityException if a file of the authority is damaged
   */
  public static Pki open(Path directory, ServerNames names, InstantSource clock)
      throws IOException, GeneralSecurityException {
    Pki pki = begin(directory, names, clock);
    pki.tokenKeys();
    return pki;
  }

  /** Like {@link #open}, but does not wait for the token keys. */
  public static Pki begin(Path directory, ServerNames names, InstantSource clock)
      throws IOException, GeneralSecurityException {
    return new Pki(directory, names, clock);
  }

  /** The cluster's authority. */
  public Authority authority() {
    return authority;
  }

  /** The API server's own certificate. */
  public Identity server() {
    return server;
  }

  /** The administrator, in {@code system:masters}. */
  public Identity admin() {
    return admin;
  }

  /** With which the API server calls nodes. */
  public Identity kubeletClient() {
    return kubeletClient;
  }

  /**
   * RSA keys that sign service-account tokens. Waits while they are being made, which takes up to
   * some seconds on the first start.
   *
   * @throws IllegalStateException if their file cannot be read or written
   */
  public TokenKeyRing tokenKeys() {
    try {
      return tokenKeys.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof IllegalStateException unusable ? unusable : failed;
    }
  }

  /**
   * A client certificate, kept in {@code name.crt} and {@code name.key} and renewed.
   *
   * @param organizations become the groups of the user
   */
  public Identity client(String name, String user, List<String> organizations)
      throws IOException, GeneralSecurityException {
    return identity(
        name,
        new Certification(
            Certification.subject(user, organizations), Set.of(Usage.CLIENT), Names.NONE, YEAR));
  }

  /** The serving certificate of a node, kept and renewed like a client certificate. */
  public Identity nodeServer(String node, List<String> addresses)
      throws IOException, GeneralSecurityException {
    return identity(
        "kubelet-" + node,
        new Certification(
            Certification.subject("system:node:" + node, List.of("system:nodes")),
            Set.of(Usage.SERVER),
            Names.of(List.of(node), addresses),
            YEAR));
  }

  /**
   * Has something called after the authority or certificates were renewed, by the thread that
   * renewed them: copies of them are to be made again.
   */
  public void onRenewal(Runnable listener) {
    listeners.add(listener);
  }

  /** Renews whatever is due. */
  public void renewDue() throws IOException, GeneralSecurityException {
    if (renewCertificates()) {
      listeners.forEach(Runnable::run);
    }
    tokenKeys().rotateDue();
  }

  private synchronized boolean renewCertificates() throws IOException {
    Instant now = clock.instant();
    boolean renewed = false;
    if (!Identity.renewal(authority.certificate()).isAfter(now)) {
      Authority fresh = authority.renewed();
      KeyFiles.writePublic(file(AUTHORITY + ".crt"), fresh.pem());
      authority.replace(fresh.certificate());
      renewed = true;
      LOG.log(System.Logger.Level.INFO, "renewed the certificate of the authority");
    }
    for (var each : kept.entrySet()) {
      Identity identity = each.getValue().identity();
      if (!identity.renewal().isAfter(now)) {
        Identity.Held fresh = issue(each.getKey(), each.getValue().wanted());
        identity.replace(fresh.chain(), fresh.key());
        renewed = true;
        LOG.log(System.Logger.Level.INFO, "renewed the certificate {0}", each.getKey());
      }
    }
    return renewed;
  }

  @Override
  public synchronized void start() {
    renewing = Thread.ofVirtual().name("certificate-renewal").start(this::renewUntilClosed);
  }

  @Override
  public void close() {
    tokenKeys.handle((keys, failed) -> true).join(); // nothing is written once this is closed
    Thread thread;
    synchronized (this) {
      thread = renewing;
      renewing = null;
    }
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException impatient) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void renewUntilClosed() {
    while (true) {
      try {
        renewDue();
      } catch (IOException | GeneralSecurityException | RuntimeException failed) {
        LOG.log(System.Logger.Level.ERROR, "certificates or keys were not renewed", failed);
      }
      try {
        Thread.sleep(LONGEST_SLEEP); // the least life is a year: an hour is soon
      } catch (InterruptedException closed) {
        return;
      }
    }
  }

  private synchronized Identity identity(String name, Certification wanted)
      throws IOException, GeneralSecurityException {
    Kept known = kept.get(name);
    if (known != null && known.wanted().equals(wanted)) {
      return known.identity();
    }
    Identity.Held held = readUsable(name, wanted);
    if (held == null) {
      held = issue(name, wanted);
    }
    Identity identity = new Identity(held.chain(), held.key());
    kept.put(name, new Kept(identity, wanted));
    return identity;
  }

  private Identity.Held issue(String name, Certification wanted) throws IOException {
    KeyPair keys = Authority.newKeys();
    X509Certificate certificate = authority.issue(keys.getPublic(), wanted);
    KeyFiles.writeSecret(file(name + ".key"), Pem.encode(keys.getPrivate()));
    KeyFiles.writePublic(file(name + ".crt"), Pem.encode(certificate));
    return new Identity.Held(List.of(certificate), keys.getPrivate());
  }

  /** What the files hold if it still says what is wanted; a half-written pair is made anew. */
  private Identity.@Nullable Held readUsable(String name, Certification wanted) throws IOException {
    String certificatePem = KeyFiles.read(file(name + ".crt"));
    String keyPem = KeyFiles.read(file(name + ".key"));
    if (certificatePem == null || keyPem == null) {
      return null;
    }
    try {
      X509Certificate certificate = Pem.certificates(certificatePem).getFirst();
      PrivateKey key = Pem.privateKey(keyPem);
      certificate.verify(authority.certificate().getPublicKey());
      boolean usable =
          Identity.renewal(certificate).isAfter(clock.instant())
              && KeyMatch.matches(certificate.getPublicKey(), key)
              && certificate.getSubjectX500Principal().equals(wanted.subject())
              && CertificateNames.of(certificate).equals(CertificateNames.of(wanted.names()));
      return usable ? new Identity.Held(List.of(certificate), key) : null;
    } catch (GeneralSecurityException damaged) {
      LOG.log(System.Logger.Level.WARNING, "{0} is made anew: {1}", name, damaged.getMessage());
      return null;
    }
  }

  private Authority readOrMakeAuthority() throws IOException, GeneralSecurityException {
    String keyPem = KeyFiles.read(file(AUTHORITY + ".key"));
    String certificatePem = KeyFiles.read(file(AUTHORITY + ".crt"));
    if (keyPem != null && certificatePem != null) {
      X509Certificate certificate = Pem.certificates(certificatePem).getFirst();
      PrivateKey key = Pem.privateKey(keyPem);
      if (!KeyMatch.matches(certificate.getPublicKey(), key)) {
        throw new GeneralSecurityException(file("ca.key") + " is not the key of " + file("ca.crt"));
      }
      return new Authority(certificate, key, clock);
    }
    if (certificatePem != null) {
      throw new GeneralSecurityException(file("ca.key") + " is missing");
    }
    KeyPair keys = Authority.newKeys();
    Authority made = Authority.selfSigned("kubernetes", keys, clock);
    KeyFiles.writeSecret(file("ca.key"), Pem.encode(keys.getPrivate()));
    KeyFiles.writePublic(file("ca.crt"), made.pem());
    return made;
  }

  private TokenKeyRing openTokenKeys() {
    try {
      return TokenKeyRing.open(directory, clock);
    } catch (IOException | GeneralSecurityException broken) {
      throw new IllegalStateException("the service-account keys are unusable", broken);
    }
  }

  private Path file(String name) {
    return directory.resolve(name);
  }
}
