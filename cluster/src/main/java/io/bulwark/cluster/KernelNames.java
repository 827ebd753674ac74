package io.bulwark.cluster;

import io.bulwark.cluster.network.overlay.OwnRoutes;

/** Names of what a cluster adds to the kernel; different for every cluster on a machine. */
final class KernelNames {
  private KernelNames() {}

  static String table(String instance) {
    return "bulwark-" + instance;
  }

  static String hostPorts(String instance) {
    return "bulwark-" + instance + "-ports";
  }

  /** Tells the routes of clusters on one machine apart. */
  static OwnRoutes routes(String instance) {
    return new OwnRoutes(1_000_000 + Math.floorMod(instance.hashCode(), 1_000_000));
  }

  static String dnsLink(String instance) {
    return "bw-dns-" + instance;
  }

  static String tunnel(String instance) {
    return "bw-tun-" + instance;
  }
}
