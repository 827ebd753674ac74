package io.bulwark.cluster.network.hostport;

import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One port of the node that leads to a pod.
 *
 * @param hostAddress of the node; empty for all of them
 * @param protocol tcp, udp or sctp
 */
public record HostPort(
    String hostAddress, String protocol, int hostPort, String podAddress, int podPort) {

  /** What a pod with an IPv4 address asks for; nothing where it uses the node's own network. */
  public static List<HostPort> of(Tree pod, String address) {
    List<HostPort> ports = new ArrayList<>();
    if (pod.flag("spec", "hostNetwork") || address.isEmpty() || address.contains(":")) {
      return ports;
    }
    for (String list : new String[] {"containers", "initContainers"}) {
      for (Tree container : pod.trees("spec", list)) {
        for (Tree port : container.trees("ports")) {
          String host = port.textOrEmpty("hostIP");
          if (port.number(0, "hostPort") > 0 && (host.equals("::") || !host.contains(":"))) {
            ports.add(of(port, host, address));
          }
        }
      }
    }
    return ports;
  }

  private static HostPort of(Tree port, String host, String address) {
    String protocol = port.textOrEmpty("protocol").toLowerCase(Locale.ROOT);
    return new HostPort(
        host.equals("0.0.0.0") || host.equals("::") ? "" : host,
        protocol.isEmpty() ? "tcp" : protocol,
        (int) port.number(0, "hostPort"),
        address,
        (int) port.number(0, "containerPort"));
  }
}
