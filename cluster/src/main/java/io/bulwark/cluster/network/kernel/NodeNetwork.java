package io.bulwark.cluster.network.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a node needs of the kernel before the first pod: forwarding, and a link that carries the
 * address of the name server and a route for Service addresses, so that both work on machines
 * without a default route.
 *
 * @param link name of the link, at most 15 characters
 * @param dnsAddress which the link carries
 * @param serviceRange which is routed to the link; packet rules turn it into endpoints before
 * @param nodeAddress that the node itself sends from
 */
public record NodeNetwork(String link, String dnsAddress, String serviceRange, String nodeAddress) {
  /** Idempotent. */
  public void prepare(Kernel kernel) throws IOException {
    Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1\n");
    if (!exists(kernel)) {
      // A bridge without ports: unlike a dummy device, every kernel has it.
      kernel.run(List.of("ip", "link", "add", link, "type", "bridge"), "");
    }
    kernel.run(List.of("ip", "address", "replace", dnsAddress + "/32", "dev", link), "");
    kernel.run(List.of("ip", "link", "set", link, "up"), "");
    kernel.run(
        List.of("ip", "route", "replace", serviceRange, "dev", link, "src", nodeAddress), "");
  }

  /** Removes the link and, with it, its address and route. */
  public void remove(Kernel kernel) {
    if (exists(kernel)) {
      kernel.run(List.of("ip", "link", "delete", link), "");
    }
  }

  /** Asked of netlink: /sys may show the devices of another network namespace. */
  private boolean exists(Kernel kernel) {
    try {
      kernel.run(List.of("ip", "link", "show", link), "");
      return true;
    } catch (Kernel.Refused absent) {
      return false;
    }
  }
}
