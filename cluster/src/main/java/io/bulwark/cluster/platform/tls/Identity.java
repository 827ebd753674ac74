package io.bulwark.cluster.platform.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A certificate with its key, which a newer one may replace at any time: connections opened through
 * {@link #keyManager()} use the newest. Thread-safe.
 */
public final class Identity {
  private volatile Held held;

  record Held(List<X509Certificate> chain, PrivateKey key) {}

  /**
   * @param chain leaf first
   */
  public Identity(List<X509Certificate> chain, PrivateKey key) {
    this.held = new Held(List.copyOf(chain), key);
  }

  /**
   * @throws GeneralSecurityException if a text is not what it should be
   */
  public static Identity of(String certificatePem, String keyPem) throws GeneralSecurityException {
    return new Identity(Pem.certificates(certificatePem), Pem.privateKey(keyPem));
  }

  /** Reads two PEM files. */
  public static Identity read(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    return of(java.nio.file.Files.readString(certificate), java.nio.file.Files.readString(key));
  }

  /** Puts a newer certificate and key in the place of the present ones. */
  public void replace(List<X509Certificate> chain, PrivateKey key) {
    held = new Held(List.copyOf(chain), key);
  }

  public X509Certificate certificate() {
    return held.chain.getFirst();
  }

  public String certificatePem() {
    StringBuilder pem = new StringBuilder();
    held.chain.forEach(certificate -> pem.append(Pem.encode(certificate)));
    return pem.toString();
  }

  public String keyPem() {
    return Pem.encode(held.key);
  }

  /**
   * The key in the form that names its kind, {@code EC PRIVATE KEY}, which more clients can read
   * than PKCS #8; PKCS #8 for a key of another kind.
   *
   * <p>Source: RFC 5915.
   */
  public String namedKeyPem() {
    Held now = held;
    if (!now.key.getAlgorithm().equals("EC")) {
      return Pem.encode(now.key);
    }
    try {
      List<DerValue> wrapped = DerValue.only(now.key.getEncoded()).parts(Der.SEQUENCE, 3);
      List<DerValue> bare = DerValue.only(wrapped.get(2).content()).parts(Der.SEQUENCE, 2);
      DerValue curve = wrapped.get(1).parts(Der.SEQUENCE, 2).get(1);
      DerValue open =
          DerValue.only(now.chain.getFirst().getPublicKey().getEncoded())
              .parts(Der.SEQUENCE, 2)
              .get(1);
      return Pem.encode(
          "EC PRIVATE KEY",
          Der.sequence(
              bare.get(0).encoded(),
              bare.get(1).encoded(),
              Der.of(0xa0, curve.encoded()),
              Der.of(0xa1, open.encoded())));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** When to replace the certificate: after four fifths of its life. */
  public Instant renewal() {
    return renewal(certificate());
  }

  /** When to replace a certificate: after four fifths of its life. */
  public static Instant renewal(X509Certificate certificate) {
    Instant start = certificate.getNotBefore().toInstant();
    return start.plus(
        Duration.between(start, certificate.getNotAfter().toInstant())
            .multipliedBy(4)
            .dividedBy(5));
  }

  /** Offers the present certificate to every new connection. */
  public X509ExtendedKeyManager keyManager() {
    return new LiveKeys(this);
  }

  Held held() {
    return held;
  }
}
