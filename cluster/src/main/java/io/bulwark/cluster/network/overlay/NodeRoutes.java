package io.bulwark.cluster.network.overlay;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How to reach the pods of every other node. Pure.
 *
 * @param podRange of the other node
 * @param address of the other node
 * @param direct whether it is on a link of ours, so that a plain route does; else by VXLAN
 */
public record NodeRoutes(String node, String podRange, String address, boolean direct) {
  /**
   * @param own name of this node
   * @param links prefixes of the links that carry this node's address, such as {@code
   *     192.168.1.5/24}
   */
  public static List<NodeRoutes> of(Collection<Tree> nodes, String own, List<String> links) {
    List<NodeRoutes> routes = new ArrayList<>();
    for (Tree node : nodes) {
      String range = node.textOrEmpty("spec", "podCIDR");
      String address = internalAddress(node);
      if (!Meta.name(node).equals(own) && !range.isEmpty() && !address.isEmpty()) {
        boolean direct = links.stream().anyMatch(link -> contains(link, address));
        routes.add(new NodeRoutes(Meta.name(node), range, address, direct));
      }
    }
    routes.sort((a, b) -> a.node().compareTo(b.node()));
    return routes;
  }

  /** The tunnel end of a node: the first address of its pod range, which no pod gets. */
  public String tunnelAddress() {
    return podRange.substring(0, podRange.indexOf('/'));
  }

  /** Every node knows the link address of every tunnel end without asking. */
  public String tunnelLinkAddress() {
    return linkAddress(address);
  }

  static String linkAddress(String nodeAddress) {
    int bits = bits(nodeAddress);
    return "02:62:%02x:%02x:%02x:%02x"
        .formatted(bits >>> 24, bits >>> 16 & 255, bits >>> 8 & 255, bits & 255);
  }

  private static String internalAddress(Tree node) {
    for (Tree address : node.trees("status", "addresses")) {
      if (address.textOrEmpty("type").equals("InternalIP")) {
        return address.textOrEmpty("address");
      }
    }
    return "";
  }

  static boolean contains(String prefix, String address) {
    int slash = prefix.indexOf('/');
    int length = Integer.parseInt(prefix.substring(slash + 1));
    int mask = length == 0 ? 0 : -1 << (32 - length);
    return (bits(prefix.substring(0, slash)) & mask) == (bits(address) & mask);
  }

  private static int bits(String address) {
    int bits = 0;
    for (String part : address.split("\\.", 4)) {
      bits = bits << 8 | Integer.parseInt(part);
    }
    return bits;
  }
}
