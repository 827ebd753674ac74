package io.bulwark.cluster.apiserver.registry;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where Services get their addresses and node ports.
 *
 * @param network first address of the IPv4 service range
 * @param bits length of its prefix, 12 to 28
 * @param firstPort of the node ports
 * @param lastPort of the node ports, inclusive
 */
public record ServiceRanges(int network, int bits, int firstPort, int lastPort) {
  public ServiceRanges {
    if (bits < 12 || bits > 28) {
      throw new IllegalArgumentException("the service range must be between /12 and /28");
    }
    if (firstPort < 1 || lastPort > 65_535 || firstPort > lastPort) {
      throw new IllegalArgumentException("node ports " + firstPort + "-" + lastPort);
    }
  }

  /** A range with upstream's node ports, 30000 to 32767. */
  public static ServiceRanges of(String cidr) {
    int slash = cidr.indexOf('/');
    int bits = Integer.parseInt(cidr.substring(slash + 1));
    int address = number(cidr.substring(0, slash));
    return new ServiceRanges(address & (-1 << (32 - bits)), bits, 30_000, 32_767);
  }

  /** Usable addresses: neither the first nor the last of the range. */
  int addresses() {
    return (1 << (32 - bits)) - 2;
  }

  int ports() {
    return lastPort - firstPort + 1;
  }

  /** Position of an address among the usable ones; negative or too great outside. */
  int position(String address) {
    return number(address) - network - 1;
  }

  String address(int position) {
    int number = network + 1 + position;
    return (number >>> 24)
        + "."
        + (number >>> 16 & 0xff)
        + "."
        + (number >>> 8 & 0xff)
        + "."
        + (number & 0xff);
  }

  /** The range as it is written, such as {@code 10.96.0.0/16}. */
  public String cidr() {
    return address(-1) + "/" + bits;
  }

  /** The address of the API itself. */
  public String first() {
    return address(0);
  }

  private static int number(String address) {
    try {
      if (InetAddress.ofLiteral(address) instanceof Inet4Address four) {
        return ByteBuffer.wrap(four.getAddress()).getInt();
      }
      throw new IllegalArgumentException(address + " is no IPv4 address");
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(address + " is no IPv4 address", malformed);
    }
  }
}
