package io.bulwark.cluster.image.build;

import io.bulwark.cluster.platform.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A SHA-256 in the notation of image manifests. */
final class Digest {
  private final MessageDigest digest = Sha256.computation();

  static String of(byte[] bytes) {
    return notation(Sha256.computation().digest(bytes));
  }

  /** A stream that digests what passes on to another; closing it leaves the other open. */
  OutputStream beside(OutputStream target) {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        digest.update((byte) value);
        target.write(value);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        digest.update(bytes, offset, length);
        target.write(bytes, offset, length);
      }
    };
  }

  /** The digest of all that was written; once. */
  String text() {
    return notation(digest.digest());
  }

  private static String notation(byte[] sum) {
    return "sha256:" + HexFormat.of().formatHex(sum);
  }
}
