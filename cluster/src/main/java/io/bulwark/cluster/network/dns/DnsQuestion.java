package io.bulwark.cluster.network.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The question of a DNS message. Source: RFC 1035, section 4.
 *
 * @param id of the message
 * @param recursion whether the client asks for recursion
 * @param name lower case, without the last dot
 * @param type 1 for A, 12 for PTR, 28 for AAAA, 33 for SRV, ...
 * @param size largest answer that the client takes by UDP, in bytes
 * @param end offset behind the question
 */
record DnsQuestion(int id, boolean recursion, String name, int type, int size, int end) {
  static final int A = 1;
  static final int CNAME = 5;
  static final int SOA = 6;
  static final int PTR = 12;
  static final int TXT = 16;
  static final int AAAA = 28;
  static final int SRV = 33;
  static final int OPT = 41;
  static final int ANY = 255;

  /**
   * @throws IllegalArgumentException if the bytes are no query with exactly one question
   */
  static DnsQuestion parse(ByteBuffer message) {
    if (message.remaining() < 17) {
      throw new IllegalArgumentException("too short");
    }
    int start = message.position();
    int id = message.getShort(start) & 0xffff;
    int flags = message.getShort(start + 2) & 0xffff;
    int questions = message.getShort(start + 4) & 0xffff;
    int additional = message.getShort(start + 10) & 0xffff;
    if ((flags & 0xf800) != 0 || questions != 1) {
      throw new IllegalArgumentException("no plain query");
    }
    StringBuilder name = new StringBuilder();
    int at = start + 12;
    int length;
    while ((length = message.get(at++) & 0xff) != 0) {
      if (length > 63 || at + length + 5 > message.limit() || name.length() > 253) {
        throw new IllegalArgumentException("bad name");
      }
      byte[] label = new byte[length];
      message.get(at, label);
      if (name.length() > 0) {
        name.append('.');
      }
      name.append(new String(label, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
      at += length;
    }
    if (at + 4 > message.limit()) {
      throw new IllegalArgumentException("truncated");
    }
    int type = message.getShort(at) & 0xffff;
    at += 4;
    int size = 512;
    if (additional == 1
        && at + 11 <= message.limit()
        && message.get(at) == 0
        && message.getShort(at + 1) == OPT) {
      size = Math.clamp(message.getShort(at + 3) & 0xffff, 512, 4096);
    }
    return new DnsQuestion(id, (flags & 0x0100) != 0, name.toString(), type, size, at - start);
  }
}
