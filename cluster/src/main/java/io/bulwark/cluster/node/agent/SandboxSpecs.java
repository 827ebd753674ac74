package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.SandboxSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pods to sandboxes. */
public final class SandboxSpecs {
  public static final String POD_NAME = "io.kubernetes.pod.name";
  public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  public static final String POD_UID = "io.kubernetes.pod.uid";
  public static final String CONTAINER_NAME = "io.kubernetes.container.name";

  private final NodeConfiguration configuration;
  private final PodNames names;
  private final Confinements confinements;

  public SandboxSpecs(NodeConfiguration configuration, PodNames names, Confinements confinements) {
    this.configuration = configuration;
    this.names = names;
    this.confinements = confinements;
  }

  public Path logDirectory(Tree pod) {
    return configuration
        .logsDirectory()
        .resolve(Meta.namespace(pod) + "_" + Meta.name(pod) + "_" + Meta.uid(pod));
  }

  public SandboxSpec of(Tree pod, int attempt) {
    Tree security = pod.treeOrEmpty("spec", "securityContext");
    Map<String, String> labels = new HashMap<>(Meta.labels(pod));
    labels.put(POD_NAME, Meta.name(pod));
    labels.put(POD_NAMESPACE, Meta.namespace(pod));
    labels.put(POD_UID, Meta.uid(pod));
    Map<String, String> sysctls = new HashMap<>();
    for (Tree sysctl : security.trees("sysctls")) {
      sysctls.put(sysctl.textOrEmpty("name"), sysctl.textOrEmpty("value"));
    }
    boolean privileged =
        PodSpec.allContainers(pod).stream()
            .anyMatch(container -> container.flag("securityContext", "privileged"));
    List<Long> groups = new ArrayList<>();
    security.list("supplementalGroups").forEach(group -> groups.add((Long) group));
    if (security.get("fsGroup") instanceof Long group) {
      groups.add(group);
    }
    return new SandboxSpec(
        Meta.namespace(pod),
        Meta.name(pod),
        Meta.uid(pod),
        attempt,
        PodSpec.hostNetwork(pod) ? "" : names.hostname(pod),
        logDirectory(pod),
        names.resolver(pod),
        ports(pod),
        labels,
        Meta.annotations(pod),
        PodCgroup.parent(pod),
        sysctls,
        Confinements.namespaces(pod),
        privileged,
        confinements.seccomp(new Tree(), new Tree()),
        Confinements.number(new Tree(), security, "runAsUser"),
        Confinements.number(new Tree(), security, "runAsGroup"),
        groups);
  }

  private static List<SandboxSpec.PortMap> ports(Tree pod) {
    List<SandboxSpec.PortMap> ports = new ArrayList<>();
    if (PodSpec.hostNetwork(pod)) {
      return ports;
    }
    for (Tree container : PodSpec.allContainers(pod)) {
      for (Tree port : container.trees("ports")) {
        int host = (int) port.number(0, "hostPort");
        String protocol = port.textOrEmpty("protocol");
        if (host > 0) {
          ports.add(
              new SandboxSpec.PortMap(
                  protocol.isEmpty() ? "TCP" : protocol,
                  (int) port.number(0, "containerPort"),
                  host,
                  port.textOrEmpty("hostIP")));
        }
      }
    }
    return ports;
  }
}
