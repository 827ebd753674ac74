package io.bulwark.cluster.network.service;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.network.service.ServicePort.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads Services and EndpointSlices into what the packet rules need. Pure.
 *
 * <p>Source: terminating endpoints as in KEP-1672 and KEP-1669.
 */
public final class ServicePorts {
  /** A Service that the node itself answers for, and that packet rules therefore leave alone. */
  public static final String NODE_SERVED = "bulwark.io/served-by-node";

  private ServicePorts() {}

  public static List<ServicePort> of(
      Collection<Tree> services, Collection<Tree> slices, String nodeName) {
    Map<String, List<Tree>> slicesOf = new HashMap<>();
    for (Tree slice : slices) {
      String service = Meta.label(slice, "kubernetes.io/service-name");
      if (service != null && slice.textOrEmpty("addressType").equals("IPv4")) {
        slicesOf
            .computeIfAbsent(Meta.namespace(slice) + "/" + service, key -> new ArrayList<>())
            .add(slice);
      }
    }
    List<ServicePort> ports = new ArrayList<>();
    for (Tree service : services) {
      String type = service.textOrEmpty("spec", "type");
      String address = service.textOrEmpty("spec", "clusterIP");
      if (type.equals("ExternalName")
          || address.isEmpty()
          || address.equals("None")
          || Meta.annotation(service, NODE_SERVED) != null) {
        continue;
      }
      List<Tree> own = slicesOf.getOrDefault(Meta.key(service), List.of());
      for (Tree port : service.trees("spec", "ports")) {
        ports.add(port(service, port, own, nodeName));
      }
    }
    ports.sort((a, b) -> a.name().compareTo(b.name()));
    return ports;
  }

  private static ServicePort port(Tree service, Tree port, List<Tree> slices, String nodeName) {
    String portName = port.textOrEmpty("name");
    String protocol = port.textOrEmpty("protocol");
    List<Endpoint> all = select(slices, portName, protocol, "");
    List<Endpoint> local = select(slices, portName, protocol, nodeName);
    List<String> addresses = new ArrayList<>(service.texts("spec", "clusterIPs"));
    if (addresses.isEmpty()) {
      addresses.add(service.textOrEmpty("spec", "clusterIP"));
    }
    addresses.addAll(service.texts("spec", "externalIPs"));
    for (Tree ingress : service.trees("status", "loadBalancer", "ingress")) {
      addresses.add(ingress.textOrEmpty("ip"));
    }
    addresses.removeIf(address -> address.isEmpty() || address.contains(":"));
    boolean affine = service.textOrEmpty("spec", "sessionAffinity").equals("ClientIP");
    return new ServicePort(
        Meta.key(service) + ":" + portName + "/" + protocol.toLowerCase(Locale.ROOT),
        List.copyOf(addresses),
        protocol.isEmpty() ? "tcp" : protocol.toLowerCase(Locale.ROOT),
        (int) port.number(0, "port"),
        (int) port.number(0, "nodePort"),
        all,
        local,
        affine
            ? service.number(10800, "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds")
            : 0,
        service.textOrEmpty("spec", "externalTrafficPolicy").equals("Local"),
        service.textOrEmpty("spec", "internalTrafficPolicy").equals("Local"));
  }

  /** Ready endpoints; where there are none, those that still serve while they end. */
  private static List<Endpoint> select(
      List<Tree> slices, String portName, String protocol, String nodeName) {
    TreeSet<Endpoint> ready = new TreeSet<>();
    TreeSet<Endpoint> serving = new TreeSet<>();
    for (Tree slice : slices) {
      for (Tree port : slice.trees("ports")) {
        if (!port.textOrEmpty("name").equals(portName)
            || !port.textOrEmpty("protocol").equals(protocol)
            || port.number(0, "port") == 0) {
          continue;
        }
        int number = (int) port.number(0, "port");
        for (Tree endpoint : slice.trees("endpoints")) {
          if (!nodeName.isEmpty() && !endpoint.textOrEmpty("nodeName").equals(nodeName)) {
            continue;
          }
          Tree conditions = endpoint.treeOrEmpty("conditions");
          TreeSet<Endpoint> into = null;
          if (!Boolean.FALSE.equals(conditions.get("ready"))) {
            into = ready;
          } else if (conditions.flag("serving") && conditions.flag("terminating")) {
            into = serving;
          }
          List<String> addresses = endpoint.texts("addresses");
          if (into != null && !addresses.isEmpty()) {
            into.add(new Endpoint(addresses.getFirst(), number));
          }
        }
      }
    }
    return List.copyOf(ready.isEmpty() ? serving : ready);
  }
}
