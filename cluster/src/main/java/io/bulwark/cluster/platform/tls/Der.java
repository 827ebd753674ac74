package io.bulwark.cluster.platform.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes the distinguished encoding of ASN.1 values: as much of it as certificates and requests
 * need.
 *
 * <p>Source: ITU-T X.690; RFC 5280, section 4.1.2.5, for times.
 */
final class Der {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int BITS = 0x03;
  static final int OCTETS = 0x04;
  static final int NULL = 0x05;
  static final int IDENTIFIER = 0x06;
  static final int UTF8 = 0x0c;
  static final int UTC_TIME = 0x17;
  static final int GENERALIZED_TIME = 0x18;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  private static final int FIRST_LONG_YEAR = 2050;
  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LONG =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  /** A value whose content is that of the parts, one after the other. */
  static byte[] of(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      out.write(0x80 | octets);
      for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
        out.write(length >>> shift);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return of(SEQUENCE, parts);
  }

  static byte[] integer(BigInteger value) {
    return of(INTEGER, value.toByteArray());
  }

  static byte[] yes() {
    return of(BOOLEAN, new byte[] {(byte) 0xff});
  }

  /** Bits that fill their octets. */
  static byte[] bits(byte[] octets) {
    return of(BITS, new byte[1], octets);
  }

  /** A list of named bits, the first of them the highest of the octet; none after the last set. */
  static byte[] namedBits(int octet) {
    int unused = Integer.numberOfTrailingZeros(octet);
    return of(BITS, new byte[] {(byte) unused, (byte) octet});
  }

  static byte[] utf8(String text) {
    return of(UTF8, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Text of ASCII characters under a tag of its own. */
  static byte[] ascii(int tag, String text) {
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("not ASCII: " + text);
    }
    return of(tag, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** An object identifier in its usual notation, such as {@code 2.5.4.3}. */
  static byte[] identifier(String dotted) {
    String[] arcs = dotted.split("\\.");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    arc(out, Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      arc(out, Integer.parseInt(arcs[i]));
    }
    return of(IDENTIFIER, out.toByteArray());
  }

  private static void arc(ByteArrayOutputStream out, int value) {
    for (int shift = 28; shift > 0; shift -= 7) {
      if (value >>> shift != 0) {
        out.write(((value >>> shift) & 0x7f) | 0x80);
      }
    }
    out.write(value & 0x7f);
  }

  /** A time in whole seconds; what is below a second is dropped. */
  static byte[] time(Instant time) {
    boolean old = time.atZone(ZoneOffset.UTC).getYear() < FIRST_LONG_YEAR;
    return ascii(old ? UTC_TIME : GENERALIZED_TIME, (old ? SHORT : LONG).format(time));
  }
}
