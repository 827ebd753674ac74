package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a node agent is told.
 *
 * @param name of the Node object, a DNS subdomain
 * @param directory for pods, logs and checkpoints
 * @param addresses of the node, first the one that others reach it by
 * @param clusterDns addresses of the cluster's name server; empty leaves pods with the node's
 * @param clusterDomain without a final dot
 * @param endpointPort of the node's HTTPS endpoint, as the Node object tells it
 * @param pods at most this many
 * @param labels added to the Node object
 * @param taints put on the Node object when it is made: trees with key, value and effect
 * @param resolverFile the node's own resolv.conf
 */
public record NodeConfiguration(
    String name,
    Path directory,
    List<String> addresses,
    List<String> clusterDns,
    String clusterDomain,
    int endpointPort,
    int pods,
    Map<String, String> labels,
    List<Tree> taints,
    Path resolverFile) {
  public NodeConfiguration {
    if (name.isEmpty() || addresses.isEmpty()) {
      throw new IllegalArgumentException("a node needs a name and an address");
    }
    if (pods < 1 || endpointPort < 0 || endpointPort > 65535) {
      throw new IllegalArgumentException("pods or endpoint port out of range");
    }
    directory = directory.toAbsolutePath().normalize();
    addresses = List.copyOf(addresses);
    clusterDns = List.copyOf(clusterDns);
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  /** A node with the defaults: 110 pods, no taints, domain {@code cluster.local}. */
  public static NodeConfiguration of(
      String name, Path directory, String address, List<String> clusterDns, int endpointPort) {
    return new NodeConfiguration(
        name,
        directory,
        List.of(address),
        clusterDns,
        "cluster.local",
        endpointPort,
        110,
        Map.of(),
        List.of(),
        Path.of("/etc/resolv.conf"));
  }

  public Path podsDirectory() {
    return directory.resolve("pods");
  }

  public Path logsDirectory() {
    return directory.resolve("logs/pods");
  }
}
