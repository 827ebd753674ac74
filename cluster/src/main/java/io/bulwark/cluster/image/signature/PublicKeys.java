package io.bulwark.cluster.image.signature;

import io.bulwark.cluster.platform.tls.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;

/** Reads keys and certificates, and verifies bytes with them. */
final class PublicKeys {
  private static final int MOST_CERTIFICATES = 20;
  private static final int MOST_KEYS = 20;

  /** What names SHA-256 before a hash that RSA signs (RFC 8017, 9.2). */
  private static final byte[] SHA_256 =
      HexFormat.of().parseHex("3031300d060960864801650304020105000420");

  private PublicKeys() {}

  /** The first key of a PEM text that begins with {@code BEGIN PUBLIC KEY}. */
  static PublicKey key(String pem) throws SignatureRefused {
    return keys(pem).getFirst();
  }

  /** All keys of a PEM text, one at least. */
  static List<PublicKey> keys(String pem) throws SignatureRefused {
    List<byte[]> encoded;
    try {
      encoded = Pem.decode(pem, "PUBLIC KEY");
    } catch (GeneralSecurityException broken) {
      throw new SignatureRefused("the key is not PEM");
    }
    if (encoded.isEmpty()) {
      throw new SignatureRefused("the key is not PEM");
    }
    List<PublicKey> keys = new ArrayList<>();
    for (byte[] one : encoded.subList(0, Math.min(MOST_KEYS, encoded.size()))) {
      keys.add(key(one));
    }
    return keys;
  }

  private static PublicKey key(byte[] encoded) throws SignatureRefused {
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
      } catch (GeneralSecurityException other) {
        continue;
      }
    }
    throw new SignatureRefused("the key is neither ECDSA nor RSA nor Ed25519");
  }

  static List<X509Certificate> certificates(String pem) throws SignatureRefused {
    try {
      List<X509Certificate> found = Pem.certificates(pem);
      return found.subList(0, Math.min(MOST_CERTIFICATES, found.size()));
    } catch (GeneralSecurityException broken) {
      throw new SignatureRefused("a certificate cannot be read");
    }
  }

  static X509Certificate certificate(byte[] encoded) throws SignatureRefused {
    try {
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
      if (certificate instanceof X509Certificate found) {
        return found;
      }
    } catch (GeneralSecurityException broken) {
      throw new SignatureRefused("a certificate cannot be read");
    }
    throw new SignatureRefused("a certificate cannot be read");
  }

  /** Whether the key signed the content, by any hash that signers use with such a key. */
  static boolean verifies(PublicKey key, byte[] content, byte[] signature) {
    return algorithms(key).stream().anyMatch(one -> verifies(one, key, content, signature));
  }

  /** Whether the key signed something with this SHA-256; Ed25519 keys sign no hashes. */
  static boolean verifiesHash(PublicKey key, byte[] hash, byte[] signature) {
    return switch (key) {
      case ECPublicKey _ -> verifies("NONEwithECDSA", key, hash, signature);
      case RSAPublicKey _ -> recovers(key, hash, signature);
      default -> false;
    };
  }

  private static boolean recovers(PublicKey key, byte[] hash, byte[] signature) {
    byte[] named = Arrays.copyOf(SHA_256, SHA_256.length + hash.length);
    System.arraycopy(hash, 0, named, SHA_256.length, hash.length);
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      cipher.init(Cipher.DECRYPT_MODE, key);
      return MessageDigest.isEqual(named, cipher.doFinal(signature));
    } catch (GeneralSecurityException broken) {
      return false;
    }
  }

  private static boolean verifies(
      String algorithm, PublicKey key, byte[] content, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(content);
      return verifier.verify(signature);
    } catch (GeneralSecurityException broken) {
      return false;
    }
  }

  static byte[] base64(String text, String what) throws SignatureRefused {
    try {
      return Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException broken) {
      throw new SignatureRefused(what + " is not base64");
    }
  }

  private static List<String> algorithms(PublicKey key) {
    return switch (key) {
      case ECPublicKey elliptic ->
          switch (elliptic.getParams().getCurve().getField().getFieldSize()) {
            case 384 -> List.of("SHA384withECDSA", "SHA256withECDSA");
            case 521 -> List.of("SHA512withECDSA", "SHA256withECDSA");
            default -> List.of("SHA256withECDSA");
          };
      case RSAPublicKey _ -> List.of("SHA256withRSA");
      case EdECPublicKey _ -> List.of("Ed25519");
      default -> List.of();
    };
  }
}
