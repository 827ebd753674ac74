package io.bulwark.cluster.image.signature;

import io.bulwark.cluster.platform.tls.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;

/** Reads keys and certificates, and verifies bytes with them. */
final class PublicKeys {
  private static final int MOST_CERTIFICATES = 20;

  private PublicKeys() {}

  /** The key of a PEM text that begins with {@code BEGIN PUBLIC KEY}. */
  static PublicKey key(String pem) throws SignatureRefused {
    byte[] encoded;
    try {
      encoded = Pem.decode(pem, "PUBLIC KEY").getFirst();
    } catch (GeneralSecurityException | NoSuchElementException broken) {
      throw new SignatureRefused("the key is not PEM");
    }
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

  static boolean verifies(PublicKey key, byte[] content, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm(key));
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

  private static String algorithm(PublicKey key) throws GeneralSecurityException {
    return switch (key) {
      case ECPublicKey elliptic ->
          switch (elliptic.getParams().getCurve().getField().getFieldSize()) {
            case 384 -> "SHA384withECDSA";
            case 521 -> "SHA512withECDSA";
            default -> "SHA256withECDSA";
          };
      case RSAPublicKey _ -> "SHA256withRSA";
      case EdECPublicKey _ -> "Ed25519";
      default -> throw new GeneralSecurityException(key.getAlgorithm());
    };
  }
}
