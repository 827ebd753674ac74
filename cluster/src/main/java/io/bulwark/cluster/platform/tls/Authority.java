package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.Sha256;
import io.bulwark.cluster.platform.tls.CertificateEncoding.Party;
import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.Certification.Usage;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority with its key, whose certificate may be {@linkplain #renewed renewed}.
 * Thread-safe.
 */
public final class Authority {
  private static final Duration LIFETIME = Duration.ofDays(3650);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final String KEY_USAGE = "2.5.29.15";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String AUTHORITY_KEY = "2.5.29.35";
  private static final String EXTENDED_USAGE = "2.5.29.37";
  private static final int SIGN = 0x80;
  private static final int ENCIPHER_KEYS = 0x20;
  private static final int SIGN_CERTIFICATES = 0x04;

  private volatile X509Certificate certificate;
  private final PrivateKey key;
  private final InstantSource clock;

  Authority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /** A new authority, or a new certificate of one whose keys are given. */
  static Authority selfSigned(String commonName, KeyPair keys, InstantSource clock) {
    byte[] name = new X500Principal("CN=" + commonName).getEncoded();
    Party self = new Party(name, keys.getPublic(), keys.getPrivate());
    Instant now = clock.instant();
    try {
      List<byte[]> extensions =
          List.of(
              CertificateEncoding.extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.yes())),
              CertificateEncoding.extension(
                  KEY_USAGE, true, Der.namedBits(SIGN | ENCIPHER_KEYS | SIGN_CERTIFICATES)),
              CertificateEncoding.extension(
                  CertificateEncoding.SUBJECT_KEY,
                  false,
                  Der.of(Der.OCTETS, CertificateEncoding.identifier(keys.getPublic()))),
              // Go refuses a self-signed authority that names itself only by its subject.
              CertificateEncoding.extension(
                  CertificateEncoding.ALTERNATIVE_NAMES,
                  false,
                  CertificateEncoding.names(Names.of(List.of(commonName), List.of()))));
      return new Authority(
          CertificateEncoding.certificate(
              serial(), validity(now, now.plus(LIFETIME)), self, self, extensions),
          keys.getPrivate(),
          clock);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** A new P-256 key pair. */
  public static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The newest certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A certificate of the same keys that begins to live now; this one still has the old one. */
  Authority renewed() {
    return selfSigned("kubernetes", new KeyPair(certificate.getPublicKey(), key), clock);
  }

  /** Puts a newer certificate of the same keys in the place of the present one. */
  void replace(X509Certificate newer) {
    certificate = newer;
  }

  /** The certificate as PEM text. */
  public String pem() {
    return Pem.encode(certificate);
  }

  /**
   * What pins this authority: {@code sha256:} and the hexadecimal hash of its public key.
   *
   * <p>Source: kubeadm's {@code --discovery-token-ca-cert-hash}.
   */
  public String hash() {
    return hash(certificate);
  }

  /** The hash that pins the holder of a certificate. */
  public static String hash(X509Certificate certificate) {
    return "sha256:" + Sha256.hex(certificate.getPublicKey().getEncoded());
  }

  /** Signs a certificate for a key; it never outlives this authority. */
  public X509Certificate issue(PublicKey holder, Certification wanted) {
    X509Certificate certificate = this.certificate;
    Instant now = clock.instant();
    Instant end = now.plus(wanted.lifetime());
    Instant latest = certificate.getNotAfter().toInstant();
    int usage = holder instanceof RSAPublicKey ? SIGN | ENCIPHER_KEYS : SIGN;
    try {
      List<byte[]> extensions = new ArrayList<>();
      extensions.add(CertificateEncoding.extension(KEY_USAGE, true, Der.namedBits(usage)));
      extensions.add(CertificateEncoding.extension(EXTENDED_USAGE, false, extended(wanted)));
      extensions.add(CertificateEncoding.extension(BASIC_CONSTRAINTS, true, Der.sequence()));
      extensions.add(
          CertificateEncoding.extension(
              AUTHORITY_KEY,
              false,
              Der.sequence(Der.of(0x80, CertificateEncoding.identifier(certificate)))));
      if (!wanted.names().isEmpty()) {
        extensions.add(
            CertificateEncoding.extension(
                CertificateEncoding.ALTERNATIVE_NAMES,
                false,
                CertificateEncoding.names(wanted.names())));
      }
      return CertificateEncoding.certificate(
          serial(),
          validity(now, end.isAfter(latest) ? latest : end),
          new Party(
              certificate.getSubjectX500Principal().getEncoded(), certificate.getPublicKey(), key),
          new Party(wanted.subject().getEncoded(), holder, null),
          extensions);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static BigInteger serial() {
    return new BigInteger(159, RANDOM).setBit(158);
  }

  private static byte[] validity(Instant now, Instant end) {
    return Der.sequence(Der.time(now.minus(SKEW)), Der.time(end));
  }

  private static byte[] extended(Certification wanted) {
    List<byte[]> purposes = new ArrayList<>();
    for (Usage usage : Usage.values()) {
      if (wanted.usages().contains(usage)) {
        purposes.add(
            Der.identifier(
                switch (usage) {
                  case CLIENT -> "1.3.6.1.5.5.7.3.2";
                  case SERVER -> "1.3.6.1.5.5.7.3.1";
                }));
      }
    }
    return Der.sequence(purposes.toArray(byte[][]::new));
  }
}
