package io.bulwark.cluster.node.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod sandbox to run.
 *
 * @param attempt how many sandboxes the pod had before
 * @param hostname of the pod; empty with the node's network
 * @param cgroupParent absolute in the cgroup hierarchy
 */
public record SandboxSpec(
    String namespace,
    String name,
    String uid,
    int attempt,
    String hostname,
    Path logDirectory,
    Resolver resolver,
    List<PortMap> ports,
    Map<String, String> labels,
    Map<String, String> annotations,
    String cgroupParent,
    Map<String, String> sysctls,
    Namespaces namespaces,
    boolean privileged,
    Seccomp seccomp,
    @Nullable Long runAsUser,
    @Nullable Long runAsGroup,
    List<Long> supplementalGroups) {
  public SandboxSpec {
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    sysctls = Map.copyOf(sysctls);
    supplementalGroups = List.copyOf(supplementalGroups);
  }

  /** The content of a pod's resolv.conf. */
  public record Resolver(List<String> servers, List<String> searches, List<String> options) {
    public Resolver {
      servers = List.copyOf(servers);
      searches = List.copyOf(searches);
      options = List.copyOf(options);
    }
  }

  /**
   * @param protocol TCP, UDP or SCTP
   * @param hostAddress empty for every address of the node
   */
  public record PortMap(String protocol, int containerPort, int hostPort, String hostAddress) {}
}
