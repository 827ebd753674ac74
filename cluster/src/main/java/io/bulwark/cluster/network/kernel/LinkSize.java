package io.bulwark.cluster.network.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** How large packets of pods may be. */
public final class LinkSize {
  /** What a tunnel over IPv4 adds to a packet, in bytes. */
  private static final int TUNNEL_HEADER = 50;

  private static final int USUAL = 1500;
  private static final int LEAST = 1280;
  private static final int MOST = 65_535;

  private LinkSize() {}

  /**
   * The MTU of pod links of a node: that of the link with the node's address, less what a tunnel
   * needs; of an ordinary link where no link but the loopback has the address.
   */
  public static int ofPods(String nodeAddress) throws IOException {
    NetworkInterface link = NetworkInterface.getByInetAddress(InetAddress.ofLiteral(nodeAddress));
    return ofPods(link == null || link.isLoopback() ? USUAL : link.getMTU());
  }

  static int ofPods(int link) {
    return Math.clamp(link - TUNNEL_HEADER, LEAST, MOST - TUNNEL_HEADER);
  }
}
