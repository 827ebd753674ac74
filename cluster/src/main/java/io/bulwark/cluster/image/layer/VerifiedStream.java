package io.bulwark.cluster.image.layer;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Content that must have a size and a digest. More bytes than declared are refused at once; whether
 * all came, and the right ones, is known when {@link #finish} returns. Not safe for concurrent use.
 */
final class VerifiedStream extends InputStream implements CountedBytes {
  private final InputStream in;
  private final String digest;
  private final long size;
  private final MessageDigest computed;
  private long count;

  /**
   * @param size in bytes; negative where it is not known
   */
  VerifiedStream(InputStream in, String digest, long size) {
    this.in = in;
    this.digest = digest;
    this.size = size;
    this.computed = Digests.like(digest);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    if (read > 0) {
      count += read;
      if (size >= 0 && count > size) {
        throw new RefusedImage(digest + " is longer than the " + size + " bytes declared for it");
      }
      computed.update(bytes, offset, read);
    }
    return read;
  }

  @Override
  public long count() {
    return count;
  }

  /**
   * Reads what is left and compares.
   *
   * @throws RefusedImage if the content is another one, or another amount
   */
  void finish() throws IOException {
    byte[] rest = new byte[1 << 16];
    while (read(rest, 0, rest.length) >= 0) {
      continue;
    }
    if (size >= 0 && count != size) {
      throw new RefusedImage(
          digest + " is cut off: " + count + " of the " + size + " bytes declared for it");
    }
    String found = Digests.text(digest, computed.digest());
    if (!found.equals(digest)) {
      throw new RefusedImage("the content of " + digest + " has the digest " + found);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
