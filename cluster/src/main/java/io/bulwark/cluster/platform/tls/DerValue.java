package io.bulwark.cluster.platform.tls;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One ASN.1 value of a distinguished encoding, read. Bytes of strangers: every length is checked
 * and must be the shortest, and what is malformed ends in a {@link GeneralSecurityException}.
 *
 * @param tag the identifier octet; tags of more octets are refused
 * @param encoded the whole value, tag and length included
 * @param header how many octets tag and length have
 */
record DerValue(int tag, byte[] encoded, int header) {
  /** Reads a text of exactly one value. */
  static DerValue only(byte[] bytes) throws GeneralSecurityException {
    DerValue value = at(bytes, 0);
    if (value.encoded.length != bytes.length) {
      throw malformed("octets after the end");
    }
    return value;
  }

  private static DerValue at(byte[] bytes, int start) throws GeneralSecurityException {
    if (bytes.length - start < 2 || (bytes[start] & 0x1f) == 0x1f) {
      throw malformed("no value at " + start);
    }
    int length = bytes[start + 1] & 0xff;
    int header = 2;
    if (length >= 0x80) {
      int octets = length & 0x7f;
      if (octets == 0 || octets > 3 || bytes.length - start < 2 + octets) {
        throw malformed("a length of " + octets + " octets at " + start);
      }
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << 8) | (bytes[start + 2 + i] & 0xff);
      }
      header += octets;
      if (length < 0x80 || length >>> (8 * (octets - 1)) == 0) {
        throw malformed("a length in more octets than it needs at " + start);
      }
    }
    if (length > bytes.length - start - header) {
      throw malformed("a length of " + length + " at " + start);
    }
    return new DerValue(
        bytes[start] & 0xff, Arrays.copyOfRange(bytes, start, start + header + length), header);
  }

  byte[] content() {
    return Arrays.copyOfRange(encoded, header, encoded.length);
  }

  /** The values inside. */
  List<DerValue> parts() throws GeneralSecurityException {
    List<DerValue> parts = new ArrayList<>();
    for (int at = header; at < encoded.length; ) {
      DerValue part = at(encoded, at);
      parts.add(part);
      at += part.encoded.length;
    }
    return parts;
  }

  /** The values inside a value that has this tag and at least so many of them. */
  List<DerValue> parts(int wanted, int least) throws GeneralSecurityException {
    if (tag != wanted) {
      throw malformed("tag %d where %d belongs".formatted(tag, wanted));
    }
    List<DerValue> parts = parts();
    if (parts.size() < least) {
      throw malformed("%d values where %d belong".formatted(parts.size(), least));
    }
    return parts;
  }

  /** The octets of a bit string without unused bits. */
  byte[] bits() throws GeneralSecurityException {
    if (tag != Der.BITS || encoded.length <= header || encoded[header] != 0) {
      throw malformed("no whole octets of bits");
    }
    return Arrays.copyOfRange(encoded, header + 1, encoded.length);
  }

  boolean is(String identifier) {
    return Arrays.equals(encoded, Der.identifier(identifier));
  }

  private static GeneralSecurityException malformed(String what) {
    return new GeneralSecurityException("malformed encoding: " + what);
  }
}
