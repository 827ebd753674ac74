package io.bulwark.api.codec;

import java.nio.charset.StandardCharsets;

/**
 * Bytes that are written from the end to the start, so that the length of a message is known when
 * the length is written. Not thread-safe.
 */
public final class ReverseBuffer {
  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int LENGTH = 2;

  private byte[] bytes;
  private int start;

  public ReverseBuffer(int capacity) {
    bytes = new byte[capacity];
    start = capacity;
  }

  public int size() {
    return bytes.length - start;
  }

  public byte[] bytes() {
    byte[] exact = new byte[size()];
    System.arraycopy(bytes, start, exact, 0, exact.length);
    return exact;
  }

  public void prepend(byte[] block) {
    room(block.length);
    start -= block.length;
    System.arraycopy(block, 0, bytes, start, block.length);
  }

  public void varint(long value) {
    int length = 1;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      length++;
    }
    room(length);
    start -= length;
    long rest = value;
    for (int i = 0; i < length; i++) {
      bytes[start + i] = (byte) (i < length - 1 ? (rest & 0x7f) | 0x80 : rest);
      rest >>>= 7;
    }
  }

  public void fixed64(long bits) {
    room(8);
    start -= 8;
    for (int i = 0; i < 8; i++) {
      bytes[start + i] = (byte) (bits >>> (8 * i));
    }
  }

  public void tag(int number, int wire) {
    varint(((long) number << 3) | wire);
  }

  /** Closes a length-delimited field whose content was written since the size was {@code end}. */
  public void lengthAndTag(int number, int end) {
    varint(size() - (long) end);
    tag(number, LENGTH);
  }

  public void number(int number, long value) {
    varint(value);
    tag(number, VARINT);
  }

  public void block(int number, byte[] block) {
    int end = size();
    prepend(block);
    lengthAndTag(number, end);
  }

  public void text(int number, String text) {
    block(number, text.getBytes(StandardCharsets.UTF_8));
  }

  private void room(int length) {
    if (start < length) {
      int size = size();
      byte[] larger = new byte[Math.max(bytes.length * 2, size + length)];
      System.arraycopy(bytes, start, larger, larger.length - size, size);
      start = larger.length - size;
      bytes = larger;
    }
  }
}
