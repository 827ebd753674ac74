package io.bulwark.cluster.network.overlay;

import io.bulwark.api.meta.Resources;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.network.kernel.Coalescer;
import io.bulwark.cluster.network.kernel.Kernel;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps routes to the pods of other nodes: plain ones where nodes share a link, VXLAN elsewhere.
 * The routes outlive the process.
 *
 * <p>Tunnel ends, their link addresses and their forwarding entries follow from node addresses and
 * pod ranges alone, so that nodes need not tell each other anything.
 */
public final class Overlay implements Component {
  private static final Duration REPAIR = Duration.ofMinutes(1);

  private final Informer nodes;
  private final Kernel kernel;
  private final Settings settings;
  private final Coalescer coalescer;

  /**
   * @param nodeName of this node
   * @param nodeAddress its internal address
   * @param podRange its pod range
   * @param device name of the VXLAN device, at most 15 characters
   * @param vni VXLAN network identifier, one for each cluster on a network
   * @param routes of this cluster
   * @param mtu of pod links, which leaves room for the tunnel's header
   */
  public record Settings(
      String nodeName,
      String nodeAddress,
      String podRange,
      String device,
      int vni,
      OwnRoutes routes,
      int mtu) {}

  public Overlay(Informers informers, Kernel kernel, Settings settings) {
    this.nodes = informers.of(Resources.NODES);
    this.kernel = kernel;
    this.settings = settings;
    this.coalescer = new Coalescer("overlay", REPAIR, this::apply);
  }

  @Override
  public void start() {
    nodes.onChange(
        (old, now) -> {
          if (old == null
              || now == null
              || !old.treeOrEmpty("spec").equals(now.treeOrEmpty("spec"))
              || !old.list("status", "addresses").equals(now.list("status", "addresses"))) {
            coalescer.wake();
          }
        });
    coalescer.start();
    coalescer.wake();
  }

  private void apply() {
    List<NodeRoutes> wanted = NodeRoutes.of(nodes.list(), settings.nodeName(), links());
    if (wanted.stream().anyMatch(route -> !route.direct())) {
      device();
    }
    Set<String> now = new HashSet<>();
    for (NodeRoutes route : wanted) {
      now.add(route.podRange());
      if (route.direct()) {
        settings.routes().replace(kernel, route.podRange(), List.of("via", route.address()));
      } else {
        tunnel(route);
      }
    }
    for (String old : settings.routes().prefixes(kernel)) {
      if (!now.contains(old)) {
        settings.routes().delete(kernel, old);
      }
    }
    forgetTunnels(wanted);
  }

  /** Takes away the tunnel ends of nodes that are gone, whoever put them there. */
  private void forgetTunnels(List<NodeRoutes> wanted) {
    String device = settings.device();
    if (!attempt("link show " + device)) {
      return;
    }
    Set<String> ends = new HashSet<>();
    Set<String> links = new HashSet<>();
    wanted.stream()
        .filter(route -> !route.direct())
        .forEach(
            route -> {
              ends.add(route.tunnelAddress());
              links.add(route.tunnelLinkAddress());
            });
    for (String line : ip("neighbor show dev " + device + " nud permanent").split("\n", -1)) {
      String end = line.strip().split(" ", 2)[0];
      if (!end.isEmpty() && !end.contains(":") && !ends.contains(end)) {
        attempt("neighbor del " + end + " dev " + device);
      }
    }
    for (String line :
        kernel.run(List.of("bridge", "fdb", "show", "dev", device), "").split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 2 && words[1].equals("dst") && !links.contains(words[0])) {
        kernel.run(List.of("bridge", "fdb", "del", words[0], "dev", device, "dst", words[2]), "");
      }
    }
  }

  /**
   * Prefixes of the links that carry this node's own address. Others do not count: both ends must
   * come to the same decision.
   */
  private List<String> links() {
    List<String> links = new ArrayList<>();
    for (String line : ip("-o -4 address show").split("\n", -1)) {
      String[] words = line.trim().split("\\s+");
      for (int i = 0; i + 1 < words.length; i++) {
        if (words[i].equals("inet") && words[i + 1].startsWith(settings.nodeAddress() + "/")) {
          links.add(words[i + 1]);
        }
      }
    }
    return links;
  }

  private void device() {
    String name = settings.device();
    String end = settings.podRange().substring(0, settings.podRange().indexOf('/'));
    if (!attempt("link show " + name)) {
      ip(
          "link add %s mtu %d address %s type vxlan id %d dstport 8472 local %s nolearning"
              .formatted(
                  name,
                  settings.mtu(),
                  NodeRoutes.linkAddress(settings.nodeAddress()),
                  settings.vni(),
                  settings.nodeAddress()));
    }
    ip("address replace " + end + "/32 dev " + name);
    ip("link set " + name + " up");
  }

  private void tunnel(NodeRoutes route) {
    String device = settings.device();
    String end = route.tunnelAddress();
    String link = route.tunnelLinkAddress();
    ip("neighbor replace %s lladdr %s dev %s nud permanent".formatted(end, link, device));
    kernel.run(
        List.of("bridge", "fdb", "replace", link, "dev", device, "dst", route.address()), "");
    settings
        .routes()
        .replace(kernel, route.podRange(), List.of("via", end, "dev", device, "onlink"));
  }

  private String ip(String arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ", -1)));
    return kernel.run(command, "");
  }

  private boolean attempt(String arguments) {
    try {
      ip(arguments);
      return true;
    } catch (Kernel.Refused absent) {
      return false;
    }
  }

  /** Stops following changes; the routes stay. */
  @Override
  public void close() {
    coalescer.close();
  }
}
