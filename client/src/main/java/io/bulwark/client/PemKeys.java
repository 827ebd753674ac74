package io.bulwark.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys as kubeconfig files carry them. */
final class PemKeys {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (EC |RSA |)PRIVATE KEY-----([^-]+)-----END");
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };
  private static final byte[] EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };
  private static final byte[] VERSION = {0x02, 0x01, 0x00};

  private PemKeys() {}

  static List<X509Certificate> certificates(byte[] pem) throws GeneralSecurityException {
    List<X509Certificate> found = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      found.add((X509Certificate) certificate);
    }
    return found;
  }

  /** PKCS#8, or the older forms of RSA (PKCS#1) and elliptic curves (SEC 1). */
  static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
    Matcher block = KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
    if (!block.find()) {
      throw new InvalidKeySpecException("no private key in PEM form");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
    return switch (block.group(1)) {
      case "RSA " -> KeyFactory.getInstance("RSA").generatePrivate(wrapped(RSA, bytes));
      case "EC " ->
          KeyFactory.getInstance("EC")
              .generatePrivate(wrapped(der(0x30, joined(EC, curve(bytes))), bytes));
      default -> plain(new PKCS8EncodedKeySpec(bytes));
    };
  }

  private static PrivateKey plain(PKCS8EncodedKeySpec key) throws GeneralSecurityException {
    for (String algorithm : List.of("EC", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (InvalidKeySpecException other) {
        continue;
      }
    }
    return KeyFactory.getInstance("EdDSA").generatePrivate(key);
  }

  private static PKCS8EncodedKeySpec wrapped(byte[] algorithm, byte[] key) {
    return new PKCS8EncodedKeySpec(der(0x30, joined(VERSION, algorithm, der(0x04, key))));
  }

  /** The curve's object identifier, tagged [0] in a SEC 1 key after version and number. */
  private static byte[] curve(byte[] key) throws InvalidKeySpecException {
    try {
      int at = content(key, 0);
      at = end(key, at);
      at = end(key, at);
      if (key[at] != (byte) 0xa0) {
        throw new InvalidKeySpecException("the key names no curve");
      }
      int from = content(key, at);
      return java.util.Arrays.copyOfRange(key, from, end(key, from));
    } catch (IndexOutOfBoundsException truncated) {
      throw new InvalidKeySpecException("truncated key", truncated);
    }
  }

  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int end(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    int length = first < 0x80 ? first : 0;
    for (int i = 0; first >= 0x80 && i < (first & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return content(der, at) + length;
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
