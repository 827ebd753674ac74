package io.bulwark.cluster.apiserver.read;

import io.bulwark.cluster.platform.http.Outgoing.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Gathers a body in pieces, so that a large one needs neither a large array nor copies of it. */
final class Output {
  private static final int FIRST = 16 * 1024;
  private static final int LATER = 512 * 1024;

  private final List<Slice> done = new ArrayList<>();
  private byte[] piece;
  private int filled;
  private long total;

  Output() {
    this(FIRST);
  }

  /**
   * @param size expected size in bytes, where it is small
   */
  Output(int size) {
    piece = new byte[size];
  }

  Output text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes(bytes, 0, bytes.length);
  }

  Output bytes(byte[] bytes) {
    return bytes(bytes, 0, bytes.length);
  }

  Output bytes(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (filled == piece.length) {
        next();
      }
      int count = Math.min(to - at, piece.length - filled);
      System.arraycopy(bytes, at, piece, filled, count);
      filled += count;
      at += count;
    }
    total += to - from;
    return this;
  }

  private void next() {
    done.add(new Slice(piece, 0, filled));
    piece = new byte[LATER];
    filled = 0;
  }

  long length() {
    return total;
  }

  List<Slice> slices() {
    List<Slice> all = new ArrayList<>(done);
    if (filled > 0) {
      all.add(new Slice(piece, 0, filled));
    }
    return all;
  }

  byte[] toBytes() {
    byte[] all = new byte[Math.toIntExact(total)];
    int at = 0;
    for (Slice slice : slices()) {
      System.arraycopy(slice.bytes(), slice.offset(), all, at, slice.length());
      at += slice.length();
    }
    return all;
  }
}
