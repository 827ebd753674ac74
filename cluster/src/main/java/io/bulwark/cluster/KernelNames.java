package io.bulwark.cluster;

/** Names of what a cluster adds to the kernel; different for every cluster on a machine. */
final class KernelNames {
  private KernelNames() {}

  static String table(String instance) {
    return "bulwark-" + instance;
  }

  static String hostPorts(String instance) {
    return "bulwark-" + instance + "-ports";
  }

  static String dnsLink(String instance) {
    return "bw-dns-" + instance;
  }

  static String tunnel(String instance) {
    return "bw-tun-" + instance;
  }
}
