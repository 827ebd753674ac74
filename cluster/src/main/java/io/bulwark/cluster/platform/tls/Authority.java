package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.Sha256;
import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.Certification.Usage;
import java.io.IOException;
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
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority with its key. Thread-safe. */
public final class Authority {
  private static final Duration LIFETIME = Duration.ofDays(3650);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final InstantSource clock;

  Authority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /** A new authority, or a new certificate of one whose keys are given. */
  static Authority selfSigned(String commonName, KeyPair keys, InstantSource clock) {
    X500Principal subject = new X500Principal("CN=" + commonName);
    JcaX509v3CertificateBuilder builder =
        builder(subject, subject, keys.getPublic(), clock.instant(), LIFETIME, Instant.MAX);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      // Go refuses a self-signed authority that names itself only by its subject.
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, commonName)));
      return new Authority(sign(builder, keys.getPrivate()), keys.getPrivate(), clock);
    } catch (IOException | GeneralSecurityException broken) {
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

  public X509Certificate certificate() {
    return certificate;
  }

  PrivateKey key() {
    return key;
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
    JcaX509v3CertificateBuilder builder =
        builder(
            certificate.getSubjectX500Principal(),
            wanted.subject(),
            holder,
            clock.instant(),
            wanted.lifetime(),
            certificate.getNotAfter().toInstant());
    try {
      int usage = KeyUsage.digitalSignature;
      if (holder instanceof RSAPublicKey) {
        usage |= KeyUsage.keyEncipherment;
      }
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      builder.addExtension(Extension.extendedKeyUsage, false, extended(wanted));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
      if (!wanted.names().isEmpty()) {
        builder.addExtension(Extension.subjectAlternativeName, false, names(wanted.names()));
      }
      return sign(builder, key);
    } catch (IOException | GeneralSecurityException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer,
      X500Principal subject,
      PublicKey key,
      Instant now,
      Duration lifetime,
      Instant latest) {
    Instant end = now.plus(lifetime);
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(159, RANDOM).setBit(158),
        Date.from(now.minus(SKEW)),
        Date.from(end.isAfter(latest) ? latest : end),
        subject,
        key);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
    } catch (OperatorCreationException broken) {
      throw new GeneralSecurityException(broken);
    }
  }

  private static ExtendedKeyUsage extended(Certification wanted) {
    List<KeyPurposeId> purposes = new ArrayList<>();
    for (Usage usage : Usage.values()) {
      if (wanted.usages().contains(usage)) {
        purposes.add(
            switch (usage) {
              case CLIENT -> KeyPurposeId.id_kp_clientAuth;
              case SERVER -> KeyPurposeId.id_kp_serverAuth;
            });
      }
    }
    return new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new));
  }

  static GeneralNames names(Names names) {
    List<GeneralName> general = new ArrayList<>();
    names.dns().forEach(dns -> general.add(new GeneralName(GeneralName.dNSName, dns)));
    names.addresses().forEach(ip -> general.add(new GeneralName(GeneralName.iPAddress, ip)));
    names.emails().forEach(mail -> general.add(new GeneralName(GeneralName.rfc822Name, mail)));
    names
        .uris()
        .forEach(uri -> general.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    return new GeneralNames(general.toArray(GeneralName[]::new));
  }
}
