package io.bulwark.cluster.platform.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as PEM text and back. */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final String CERTIFICATE = "CERTIFICATE";

  private Pem() {}

  /** One block with lines of 64 characters and a last line break. */
  public static String encode(String type, byte[] der) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }

  public static String encode(X509Certificate certificate) {
    try {
      return encode(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateEncodingException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  /** PKCS #8. */
  public static String encode(PrivateKey key) {
    return encode("PRIVATE KEY", key.getEncoded());
  }

  public static String encode(PublicKey key) {
    return encode("PUBLIC KEY", key.getEncoded());
  }

  /**
   * The content of the blocks of a type; other blocks and text between them are left out.
   *
   * @throws GeneralSecurityException if a block is not Base64
   */
  public static List<byte[]> decode(String pem, String type) throws GeneralSecurityException {
    List<byte[]> found = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      if (blocks.group(1).equals(type)) {
        try {
          found.add(Base64.getMimeDecoder().decode(blocks.group(2)));
        } catch (IllegalArgumentException broken) {
          throw new GeneralSecurityException("a PEM block is not Base64", broken);
        }
      }
    }
    return found;
  }

  /**
   * All certificates of a text, in order; at least one.
   *
   * @throws GeneralSecurityException if there is none or one cannot be read
   */
  public static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> found = new ArrayList<>();
    for (byte[] der : decode(pem, CERTIFICATE)) {
      found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    if (found.isEmpty()) {
      throw new CertificateException("there is no PEM block of type CERTIFICATE");
    }
    return found;
  }

  /**
   * An EC or RSA key in PKCS #8.
   *
   * @throws GeneralSecurityException if there is none
   */
  public static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    List<byte[]> blocks = decode(pem, "PRIVATE KEY");
    if (blocks.isEmpty()) {
      throw new GeneralSecurityException("there is no PEM block of type PRIVATE KEY");
    }
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(blocks.getFirst());
    try {
      return KeyFactory.getInstance("EC").generatePrivate(encoded);
    } catch (GeneralSecurityException notElliptic) {
      return KeyFactory.getInstance("RSA").generatePrivate(encoded);
    }
  }

  static PublicKey rsaPublicKey(String pem) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA")
        .generatePublic(new X509EncodedKeySpec(decode(pem, "PUBLIC KEY").getFirst()));
  }
}
