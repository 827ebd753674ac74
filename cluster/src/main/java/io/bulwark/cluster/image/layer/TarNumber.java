package io.bulwark.cluster.image.layer;

/** Numbers of tar headers: octal text, or base 256 where the first bit is set. */
final class TarNumber {
  private TarNumber() {}

  /**
   * @throws RefusedImage if it is no number, or larger than a long
   */
  static long parse(byte[] header, int offset, int length) throws RefusedImage {
    return (header[offset] & 0x80) != 0
        ? binary(header, offset, length)
        : octal(header, offset, length);
  }

  private static long binary(byte[] header, int offset, int length) throws RefusedImage {
    long value = header[offset] & 0x7F;
    if ((value & 0x40) != 0) {
      throw new RefusedImage("a negative number in a header");
    }
    for (int i = offset + 1; i < offset + length; i++) {
      if (value > Long.MAX_VALUE >>> 8) {
        throw new RefusedImage("a number in a header that is too large");
      }
      value = (value << 8) | (header[i] & 0xFF);
    }
    return value;
  }

  private static long octal(byte[] header, int offset, int length) throws RefusedImage {
    long value = 0;
    int at = offset;
    int end = offset + length;
    while (at < end && (header[at] == ' ' || header[at] == 0)) {
      at++;
    }
    for (; at < end && header[at] != ' ' && header[at] != 0; at++) {
      int digit = header[at] - '0';
      if (digit < 0 || digit > 7) {
        throw new RefusedImage("a damaged number in a header");
      }
      value = (value << 3) | digit;
    }
    return value;
  }
}
