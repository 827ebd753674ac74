package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** A port of the node that a pod takes. */
public record HostPort(String address, String protocol, int port) {
  private static final String ANY = "0.0.0.0";

  /** Whether both cannot be on one node. */
  public boolean conflicts(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (address.equals(other.address) || address.equals(ANY) || other.address.equals(ANY));
  }

  static List<HostPort> of(Tree pod) {
    List<HostPort> ports = new ArrayList<>(0);
    for (String list : new String[] {"containers", "initContainers"}) {
      for (Tree container : pod.trees("spec", list)) {
        if (list.equals("initContainers") && !"Always".equals(container.text("restartPolicy"))) {
          continue;
        }
        for (Tree port : container.trees("ports")) {
          int number = (int) port.number(0, "hostPort");
          if (number > 0) {
            String address = port.textOrEmpty("hostIP");
            String protocol = port.textOrEmpty("protocol");
            ports.add(
                new HostPort(
                    address.isEmpty() ? ANY : address,
                    protocol.isEmpty() ? "TCP" : protocol,
                    number));
          }
        }
      }
    }
    return List.copyOf(ports);
  }
}
