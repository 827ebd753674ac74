package io.bulwark.cluster.controller.node;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses, such as {@code 10.244.0.0/16}.
 *
 * @param bits 32 or 128
 */
record AddressRange(BigInteger first, int prefix, int bits) {

  /**
   * Parses CIDR notation.
   *
   * @throws IllegalArgumentException if the text is no such thing
   */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(0, slash).matches("[0-9a-fA-F.:]+")) {
      throw new IllegalArgumentException(text + " is not an address range");
    }
    try {
      byte[] address = InetAddress.getByName(text.substring(0, slash)).getAddress();
      int prefix = Integer.parseInt(text.substring(slash + 1));
      int bits = address.length * 8;
      if (prefix < 0 || prefix > bits) {
        throw new IllegalArgumentException(text + ": the prefix must be 0 to " + bits);
      }
      BigInteger number = new BigInteger(1, address);
      int host = bits - prefix;
      return new AddressRange(number.shiftRight(host).shiftLeft(host), prefix, bits);
    } catch (UnknownHostException malformed) {
      throw new IllegalArgumentException(text + " is not an address range", malformed);
    }
  }

  /** The part with this index among the parts of a size, or null beyond the end. */
  @Nullable AddressRange part(long index, int size) {
    if (size < prefix || index >= count(size)) {
      return null;
    }
    BigInteger offset = BigInteger.valueOf(index).shiftLeft(bits - size);
    return new AddressRange(first.add(offset), size, bits);
  }

  /** How many parts of a size there are. */
  long count(int size) {
    return 1L << Math.min(62, size - prefix);
  }

  @Override
  public String toString() {
    byte[] address = new byte[bits / 8];
    byte[] number = first.toByteArray();
    for (int i = 0; i < Math.min(address.length, number.length); i++) {
      address[address.length - 1 - i] = number[number.length - 1 - i];
    }
    try {
      return InetAddress.getByAddress(address).getHostAddress() + "/" + prefix;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
