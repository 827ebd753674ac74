package io.bulwark.cluster.network.hostport;

import io.bulwark.cluster.network.service.Ruleset;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Host ports as an nftables table of their own. Unlike node ports they answer on 127.0.0.1 too.
 * Pure.
 *
 * <p>Source: KEP-3866 (what host ports promise), the behaviour of the CNI plug-in portmap.
 */
public final class HostPortRendering {
  /** Marks connections whose source address must become the node's. */
  private static final String MARK = "meta mark set meta mark or 0x00002000";

  private HostPortRendering() {}

  public static Ruleset render(String table, Collection<HostPort> ports) {
    SortedMap<String, String> chains = new TreeMap<>(frame());
    SortedMap<String, String> everywhere = new TreeMap<>();
    SortedMap<String, String> somewhere = new TreeMap<>();
    for (HostPort port : ports) {
      String key = port.protocol() + " . " + port.hostPort();
      String chain =
          "to-"
              + port.podAddress().replace('.', '-')
              + "-"
              + port.protocol()
              + "-"
              + port.podPort();
      chains.put(chain, deliver(port));
      if (port.hostAddress().isEmpty()) {
        everywhere.put(key, "goto " + chain);
      } else {
        somewhere.put(port.hostAddress() + " . " + key, "goto " + chain);
      }
    }
    SortedMap<String, String> maps = new TreeMap<>();
    maps.put("ports", "inet_proto . inet_service : verdict");
    maps.put("ports-at", "ipv4_addr . inet_proto . inet_service : verdict");
    SortedMap<String, SortedMap<String, String>> elements = new TreeMap<>();
    elements.put("ports", everywhere);
    elements.put("ports-at", somewhere);
    return new Ruleset(table, maps, elements, new TreeMap<>(), chains);
  }

  private static SortedMap<String, String> frame() {
    SortedMap<String, String> chains = new TreeMap<>();
    chains.put("prerouting", "type nat hook prerouting priority -101 ;\njump host-ports\n");
    chains.put("output", "type nat hook output priority -101 ;\njump host-ports\n");
    chains.put(
        "host-ports",
        "ip daddr . meta l4proto . th dport vmap @ports-at\n"
            + "fib daddr type local meta l4proto . th dport vmap @ports\n");
    chains.put(
        "postrouting",
        "type nat hook postrouting priority 99 ;\n"
            + "meta mark & 0x00002000 == 0x00002000 masquerade fully-random\n");
    // Links of such pods route 127.0.0.0/8: nobody outside may reach what listens there only.
    chains.put(
        "guard",
        "type filter hook prerouting priority -300 ;\n"
            + "iifname != \"lo\" ip daddr 127.0.0.0/8 drop\n");
    return chains;
  }

  private static String deliver(HostPort port) {
    return "ip saddr %s %s\n".formatted(port.podAddress(), MARK)
        + "ip saddr 127.0.0.0/8 %s\n".formatted(MARK)
        + "meta l4proto %s dnat to %s:%d\n"
            .formatted(port.protocol(), port.podAddress(), port.podPort());
  }
}
