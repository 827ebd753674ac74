package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.tls.Certification.Names;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encodings that certificates and requests share.
 *
 * <p>Source: RFC 5280 and RFC 2986.
 */
final class CertificateEncoding {
  static final String SUBJECT_KEY = "2.5.29.14";
  static final String ALTERNATIVE_NAMES = "2.5.29.17";
  static final int EMAIL = 0x81;
  static final int DNS = 0x82;
  static final int URI = 0x86;
  static final int ADDRESS = 0x87;

  private CertificateEncoding() {}

  /** A version 3 certificate signed with the issuer's key. */
  static X509Certificate certificate(
      BigInteger serial, byte[] validity, Party issuer, Party holder, List<byte[]> extensions)
      throws GeneralSecurityException {
    PrivateKey key = issuer.key();
    byte[] content =
        Der.sequence(
            Der.of(0xa0, Der.integer(BigInteger.TWO)),
            Der.integer(serial),
            algorithm(key),
            issuer.name(),
            validity,
            holder.name(),
            holder.publicKey().getEncoded(),
            Der.of(0xa3, Der.sequence(extensions.toArray(byte[][]::new))));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(signed(content, key)));
  }

  /** An end of a certificate: its encoded name and keys; a holder's private key is not needed. */
  record Party(byte[] name, PublicKey publicKey, @Nullable PrivateKey secret) {
    PrivateKey key() {
      if (secret == null) {
        throw new IllegalArgumentException("an issuer needs its key");
      }
      return secret;
    }
  }

  /** Content, algorithm and signature: a certificate or a request. */
  static byte[] signed(byte[] content, PrivateKey key) throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(elliptic(key) ? "SHA256withECDSA" : "SHA256withRSA");
    signature.initSign(key);
    signature.update(content);
    return Der.sequence(content, algorithm(key), Der.bits(signature.sign()));
  }

  private static byte[] algorithm(PrivateKey key) {
    return elliptic(key)
        ? Der.sequence(Der.identifier("1.2.840.10045.4.3.2"))
        : Der.sequence(Der.identifier("1.2.840.113549.1.1.11"), Der.of(Der.NULL));
  }

  private static boolean elliptic(PrivateKey key) {
    return !key.getAlgorithm().equals("RSA");
  }

  static byte[] extension(String identifier, boolean critical, byte[] value) {
    byte[] octets = Der.of(Der.OCTETS, value);
    return critical
        ? Der.sequence(Der.identifier(identifier), Der.yes(), octets)
        : Der.sequence(Der.identifier(identifier), octets);
  }

  static byte[] names(Names names) {
    List<byte[]> all = new ArrayList<>();
    names.dns().forEach(dns -> all.add(Der.ascii(DNS, dns)));
    names
        .addresses()
        .forEach(ip -> all.add(Der.of(ADDRESS, InetAddress.ofLiteral(ip).getAddress())));
    names.emails().forEach(mail -> all.add(Der.ascii(EMAIL, mail)));
    names.uris().forEach(uri -> all.add(Der.ascii(URI, uri)));
    return Der.sequence(all.toArray(byte[][]::new));
  }

  /** What names a key: the SHA-1 hash of its bits, as RFC 5280 has it in 4.2.1.2. */
  static byte[] identifier(PublicKey key) throws GeneralSecurityException {
    byte[] bits = DerValue.only(key.getEncoded()).parts(Der.SEQUENCE, 2).get(1).bits();
    return MessageDigest.getInstance("SHA-1").digest(bits);
  }

  /**
   * What names the key of an authority: what its certificate says, which need not be a hash of
   * ours, else the hash. OpenSSL refuses a certificate that names its issuer's key otherwise.
   */
  static byte[] identifier(X509Certificate authority) throws GeneralSecurityException {
    byte[] extension = authority.getExtensionValue(SUBJECT_KEY);
    return extension == null
        ? identifier(authority.getPublicKey())
        : DerValue.only(DerValue.only(extension).content()).content();
  }
}
