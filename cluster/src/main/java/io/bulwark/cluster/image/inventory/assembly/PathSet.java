package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.platform.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * A set of paths in eight bytes each: the beginning of their SHA-256. A path that is not in the set
 * is taken for one that is with a chance of one in 10^13 for a million paths. Immutable.
 */
final class PathSet {
  private final long[] sorted;

  private PathSet(long[] sorted) {
    this.sorted = sorted;
  }

  boolean contains(String path) {
    return sorted.length > 0
        && Arrays.binarySearch(sorted, Builder.hash(Sha256.computation(), path)) >= 0;
  }

  int size() {
    return sorted.length;
  }

  String encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(sorted.length * Long.BYTES);
    for (long hash : sorted) {
      bytes.putLong(hash);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /**
   * @throws IllegalArgumentException if this is no encoded set
   */
  static PathSet decoded(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    long[] hashes = new long[bytes.remaining() / Long.BYTES];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = bytes.getLong();
    }
    return new PathSet(hashes);
  }

  /** Collects a set. Not safe for concurrent use. */
  static final class Builder {
    private final MessageDigest digest = Sha256.computation();
    private long[] hashes = new long[256];
    private int size;

    void add(String path) {
      if (size == hashes.length) {
        hashes = Arrays.copyOf(hashes, size * 2);
      }
      hashes[size++] = hash(digest, path);
    }

    PathSet build() {
      long[] sorted = Arrays.copyOf(hashes, size);
      Arrays.sort(sorted);
      return new PathSet(sorted);
    }

    private static long hash(MessageDigest digest, String path) {
      return ByteBuffer.wrap(digest.digest(path.getBytes(StandardCharsets.UTF_8))).getLong();
    }
  }
}
