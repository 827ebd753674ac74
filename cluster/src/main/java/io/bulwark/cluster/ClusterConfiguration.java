package io.bulwark.cluster;

import io.bulwark.cluster.controller.ControllerSelection;
import io.bulwark.cluster.image.vulnerability.feed.Subscription;
import io.bulwark.cluster.network.service.NetworkRanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/**
 * What a cluster is started with. Immutable.
 *
 * @param dataDirectory where everything of the cluster lives; absolute
 * @param port of the API server; 0 for any free one
 * @param advertiseAddress at which nodes, pods and clients reach the API server
 * @param ranges of pod and Service addresses
 * @param domain of cluster names
 * @param nodeName name of the node on this machine
 * @param node whether this machine runs containers
 * @param simulatedNodes how many nodes without containers there are
 * @param controllers which controllers run
 * @param durable whether data outlives the process
 * @param vulnerabilitySources whence vulnerability data is fetched on a schedule; none by default
 */
public record ClusterConfiguration(
    Path dataDirectory,
    int port,
    String advertiseAddress,
    NetworkRanges ranges,
    String domain,
    String nodeName,
    boolean node,
    int simulatedNodes,
    ControllerSelection controllers,
    boolean durable,
    List<URI> vulnerabilitySources) {
  public static final int DEFAULT_PORT = 6443;
  private static final String DOMAIN = "cluster.local";
  private static final int MOST_CLUSTERS = 60;

  public ClusterConfiguration {
    vulnerabilitySources = List.copyOf(vulnerabilitySources);
    vulnerabilitySources.forEach(Subscription::requireProtected);
    if (!dataDirectory.isAbsolute()) {
      throw new IllegalArgumentException("dataDirectory: must be absolute: " + dataDirectory);
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: must be from 0 to 65535: " + port);
    }
    if (simulatedNodes < 0) {
      throw new IllegalArgumentException("simulatedNodes: must not be negative: " + simulatedNodes);
    }
  }

  /** The configuration of a data directory: what it was started with first, else defaults. */
  public static ClusterConfiguration of(Path dataDirectory, int port) {
    return new ClusterConfiguration(
        dataDirectory,
        port,
        address(),
        ranges(dataDirectory),
        DOMAIN,
        hostName(),
        true,
        0,
        ControllerSelection.DEFAULT,
        true,
        List.of());
  }

  public ClusterConfiguration withNode(String name, boolean real) {
    return with(advertiseAddress, name, real, simulatedNodes, controllers, durable);
  }

  public ClusterConfiguration withSimulatedNodes(int count) {
    return with(advertiseAddress, nodeName, node, count, controllers, durable);
  }

  public ClusterConfiguration withAdvertiseAddress(String address) {
    return with(address, nodeName, node, simulatedNodes, controllers, durable);
  }

  public ClusterConfiguration withControllers(ControllerSelection wanted) {
    return with(advertiseAddress, nodeName, node, simulatedNodes, wanted, durable);
  }

  /**
   * Fetches vulnerability data from these addresses.
   *
   * @throws IllegalArgumentException if one is neither https nor on the loopback
   */
  public ClusterConfiguration withVulnerabilitySources(List<URI> sources) {
    return new ClusterConfiguration(
        dataDirectory,
        port,
        advertiseAddress,
        ranges,
        domain,
        nodeName,
        node,
        simulatedNodes,
        controllers,
        durable,
        sources);
  }

  /** For tests: nothing is written but certificates, and nothing outlives the process. */
  public ClusterConfiguration inMemory() {
    return with(advertiseAddress, nodeName, node, simulatedNodes, controllers, false);
  }

  private ClusterConfiguration with(
      String address,
      String name,
      boolean real,
      int simulated,
      ControllerSelection wanted,
      boolean kept) {
    return new ClusterConfiguration(
        dataDirectory,
        port,
        address,
        ranges,
        domain,
        name,
        real,
        simulated,
        wanted,
        kept,
        vulnerabilitySources);
  }

  public Path administratorKubeconfig() {
    return administratorKubeconfig(dataDirectory);
  }

  public static Path administratorKubeconfig(Path dataDirectory) {
    return dataDirectory.resolve("kubeconfig/admin.conf");
  }

  /** A short name for kernel objects, so that several clusters can share a machine. */
  public String instance() {
    return instance(dataDirectory);
  }

  static String instance(Path dataDirectory) {
    return "%06x".formatted(dataDirectory.toString().hashCode() & 0xffffff);
  }

  /** The host name as a node name: lower case, without characters that a name cannot have. */
  public static String hostName() {
    String name;
    try {
      name = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
    } catch (IOException unreadable) {
      name = "localhost";
    }
    String clean =
        name.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.-]", "-")
            .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    return clean.isEmpty() ? "node" : clean;
  }

  /**
   * The address that this machine sends from towards others: that of its default route. Nothing is
   * sent; where there is no such route, the loopback address.
   */
  private static String address() {
    try (DatagramSocket socket = new DatagramSocket()) {
      // A documentation address (RFC 5737): any that is not of this machine shows the route.
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 9));
      InetAddress own = socket.getLocalAddress();
      return own.isAnyLocalAddress() ? "127.0.0.1" : own.getHostAddress();
    } catch (SocketException | UncheckedIOException noRoute) {
      return "127.0.0.1";
    }
  }

  /**
   * Ranges for a new cluster: the usual ones, or the next that no link of this machine has, so that
   * clusters on one machine do not meet. A cluster keeps the ranges that it was made with.
   */
  public static NetworkRanges ranges(Path dataDirectory) {
    Properties kept = new Properties();
    Path file = dataDirectory.resolve("run/ranges.properties");
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        kept.load(reader);
        return new NetworkRanges(
            kept.getProperty("pods"), kept.getProperty("services"), kept.getProperty("dns"));
      } catch (IOException unreadable) {
        throw new IllegalStateException("cannot read " + file + ": " + unreadable.getMessage());
      }
    }
    Set<String> taken = takenPrefixes();
    int offset = 0;
    while (offset < MOST_CLUSTERS - 1
        && (taken.contains("10." + (96 + offset)) || taken.contains("10." + (244 - offset)))) {
      offset++;
    }
    String services = "10." + (96 + offset);
    return new NetworkRanges(
        "10." + (244 - offset) + ".0.0/16", services + ".0.0/16", services + ".0.10");
  }

  /** The first two numbers of every address of this machine. */
  private static Set<String> takenPrefixes() {
    Set<String> taken = new HashSet<>();
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet4Address.class::isInstance)
          .map(InetAddress::getHostAddress)
          .forEach(a -> taken.add(a.substring(0, a.indexOf('.', a.indexOf('.') + 1))));
    } catch (SocketException unknown) {
      return Set.of();
    }
    return taken;
  }

  /** Where the API server listens: everywhere, unless only this machine is to reach it. */
  String listenAddress() {
    return advertiseAddress.startsWith("127.") ? advertiseAddress : "0.0.0.0";
  }

  /** Remembers the ranges for the next start. */
  void keepRanges() throws IOException {
    Path file = dataDirectory.resolve("run/ranges.properties");
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "pods=%s%nservices=%s%ndns=%s%n"
            .formatted(ranges.pods(), ranges.services(), ranges.dnsAddress()));
  }

  /** The address of the {@code kubernetes} Service: the first one of the range. */
  public String apiServiceAddress() {
    String services = ranges.services();
    String network = services.substring(0, services.indexOf('/'));
    return network.substring(0, network.lastIndexOf('.') + 1) + "1";
  }
}
