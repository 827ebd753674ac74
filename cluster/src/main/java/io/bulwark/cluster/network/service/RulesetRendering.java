package io.bulwark.cluster.network.service;

import io.bulwark.cluster.network.service.ServicePort.Endpoint;
import io.bulwark.cluster.platform.Sha256;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Services as an nftables table. Verdict maps keep the cost of a packet the same for one Service
 * and for thousands. Pure.
 *
 * <p>Source: where to reject and where to drop as in upstream's nftables proxy.
 */
public final class RulesetRendering {
  /** Marks connections whose source address must become the node's. */
  private static final String MARK = "meta mark set meta mark or 0x00004000";

  private static final String SERVICE_KEY = "ip daddr . meta l4proto . th dport";

  private final String table;
  private final NetworkRanges ranges;

  public RulesetRendering(String table, NetworkRanges ranges) {
    this.table = table;
    this.ranges = ranges;
  }

  public Ruleset render(List<ServicePort> ports) {
    SortedMap<String, String> chains = new TreeMap<>(frame());
    SortedMap<String, String> sets = new TreeMap<>();
    SortedMap<String, String> addresses = new TreeMap<>();
    SortedMap<String, String> nodePorts = new TreeMap<>();
    SortedMap<String, String> unserved = new TreeMap<>();
    SortedMap<String, String> unservedNodePorts = new TreeMap<>();
    for (ServicePort port : ports) {
      String id = id(port.name());
      List<Endpoint> inside = port.internalLocal() ? port.localEndpoints() : port.endpoints();
      String verdict = inside.isEmpty() ? "goto reject-all" : "goto service-" + id;
      SortedMap<String, String> into = inside.isEmpty() ? unserved : addresses;
      for (String address : port.addresses()) {
        into.put(address + " . " + port.protocol() + " . " + port.port(), verdict);
      }
      if (!inside.isEmpty()) {
        chains.put("service-" + id, choose(port, inside, id));
      }
      if (port.nodePort() > 0) {
        List<Endpoint> outside = port.externalLocal() ? port.localEndpoints() : port.endpoints();
        String key = port.protocol() + " . " + port.nodePort();
        if (outside.isEmpty()) {
          unservedNodePorts.put(key, port.externalLocal() ? "drop" : "goto reject-all");
        } else {
          nodePorts.put(key, "goto outside-" + id);
          String mark = port.externalLocal() ? "" : MARK + "\n";
          chains.put("outside-" + id, mark + choose(port, outside, id));
        }
      }
      for (Endpoint endpoint : port.endpoints()) {
        String name = endpointId(id, endpoint);
        if (port.affinitySeconds() > 0) {
          sets.put(
              "clients-" + name,
              "type ipv4_addr ; flags dynamic,timeout ; timeout " + port.affinitySeconds() + "s ;");
        }
        chains.put("endpoint-" + name, deliver(port, endpoint, name));
      }
    }
    SortedMap<String, String> maps = new TreeMap<>();
    SortedMap<String, SortedMap<String, String>> elements = new TreeMap<>();
    String serviceType = "ipv4_addr . inet_proto . inet_service : verdict";
    String portType = "inet_proto . inet_service : verdict";
    maps.put("service-addresses", serviceType);
    maps.put("unserved-addresses", serviceType);
    maps.put("node-ports", portType);
    maps.put("unserved-node-ports", portType);
    elements.put("service-addresses", addresses);
    elements.put("unserved-addresses", unserved);
    elements.put("node-ports", nodePorts);
    elements.put("unserved-node-ports", unservedNodePorts);
    return new Ruleset(table, maps, elements, sets, chains);
  }

  private SortedMap<String, String> frame() {
    SortedMap<String, String> chains = new TreeMap<>();
    chains.put("prerouting", "type nat hook prerouting priority -100 ;\njump services\n");
    chains.put("output", "type nat hook output priority -100 ;\njump services\n");
    chains.put(
        "services",
        SERVICE_KEY
            + " vmap @service-addresses\n"
            + "fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap"
            + " @node-ports\n");
    chains.put(
        "postrouting",
        "type nat hook postrouting priority 100 ;\n"
            + "meta mark & 0x00004000 == 0x00004000 masquerade fully-random\n"
            + "ip saddr %1$s ip daddr != %1$s fib daddr type != local masquerade fully-random\n"
                .formatted(ranges.pods()));
    String refuse =
        "ct state new "
            + SERVICE_KEY
            + " vmap @unserved-addresses\n"
            + "ct state new ip daddr %s drop\n".formatted(ranges.services());
    chains.put("refuse-forwarded", "type filter hook forward priority 0 ;\n" + refuse);
    chains.put("refuse-own", "type filter hook output priority 0 ;\n" + ownRefusals());
    chains.put("refuse-incoming", "type filter hook input priority 0 ;\n" + incomingRefusals());
    chains.put("reject-all", "reject\n");
    return chains;
  }

  private String ownRefusals() {
    return "ct state new "
        + SERVICE_KEY
        + " vmap @unserved-addresses\n"
        + "ct state new ip daddr %s ip daddr != %s drop\n"
            .formatted(ranges.services(), ranges.dnsAddress());
  }

  /** Only pods and the node itself may ask the name server, whatever routes others set. */
  private String incomingRefusals() {
    return "ip daddr %1$s ip saddr != %2$s fib saddr type != local drop\n"
            .formatted(ranges.dnsAddress(), ranges.pods())
        + "fib daddr type local ct state new meta l4proto . th dport vmap @unserved-node-ports\n";
  }

  private String choose(ServicePort port, List<Endpoint> endpoints, String id) {
    StringBuilder rules = new StringBuilder();
    if (port.affinitySeconds() > 0) {
      for (Endpoint endpoint : endpoints) {
        String name = endpointId(id, endpoint);
        rules.append("ip saddr @clients-").append(name).append(" goto endpoint-").append(name);
        rules.append('\n');
      }
    }
    rules.append("numgen random mod ").append(endpoints.size()).append(" vmap { ");
    for (int i = 0; i < endpoints.size(); i++) {
      rules.append(i == 0 ? "" : ", ").append(i).append(" : goto endpoint-");
      rules.append(endpointId(id, endpoints.get(i)));
    }
    return rules.append(" }\n").toString();
  }

  private static String deliver(ServicePort port, Endpoint endpoint, String name) {
    String remember =
        port.affinitySeconds() > 0 ? "update @clients-" + name + " { ip saddr }\n" : "";
    return "ip saddr %s %s\n".formatted(endpoint.address(), MARK)
        + remember
        + "meta l4proto %s dnat to %s:%d\n"
            .formatted(port.protocol(), endpoint.address(), endpoint.port());
  }

  private static String endpointId(String serviceId, Endpoint endpoint) {
    return serviceId + "-" + id(endpoint.address() + ":" + endpoint.port());
  }

  /** A short name for a chain; 48 bits of SHA-256 keep two of them apart. */
  private static String id(String name) {
    return HexFormat.of().formatHex(Sha256.of(name), 0, 6);
  }
}
