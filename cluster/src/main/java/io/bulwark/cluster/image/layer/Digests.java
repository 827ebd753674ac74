package io.bulwark.cluster.image.layer;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Digests in the notation of manifests; only SHA-256 and SHA-512 are believed. */
final class Digests {
  private static final Pattern FORM = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");

  private Digests() {}

  /**
   * @throws RefusedImage if this is no digest that can be checked
   */
  static String checked(String digest) throws RefusedImage {
    if (!FORM.matcher(digest).matches()) {
      throw new RefusedImage("no digest that can be checked: " + LayerPath.shown(digest));
    }
    return digest;
  }

  /** A fresh computation of the digest's own kind. */
  static MessageDigest like(String digest) {
    return algorithm(digest.startsWith("sha512:") ? "SHA-512" : "SHA-256");
  }

  /** The finished computation in the notation of the digest that it will be compared with. */
  static String text(String like, byte[] sum) {
    return like.substring(0, like.indexOf(':') + 1) + HexFormat.of().formatHex(sum);
  }

  static String sha256(byte[] content) {
    return text("sha256:", algorithm("SHA-256").digest(content));
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }
}
