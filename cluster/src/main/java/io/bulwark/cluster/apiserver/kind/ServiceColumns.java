package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a table shows a service and its endpoints.
 *
 * <p>Source: what {@code kubectl get services -o wide} prints.
 */
final class ServiceColumns {
  private static final int SHOWN = 3;

  private ServiceColumns() {}

  static Column[] columns(Ages ages) {
    return new Column[] {
      Columns.name(),
      Columns.text("Type", "How it is exposed.", service -> service.textOrEmpty("spec", "type")),
      Columns.text("Cluster-IP", "Its address inside.", ServiceColumns::clusterAddress),
      Columns.text("External-IP", "Its addresses outside.", ServiceColumns::externalAddress),
      Columns.text("Port(s)", "Its ports.", ServiceColumns::ports),
      ages.column(),
      Columns.wide(
          "Selector",
          "Which pods it leads to.",
          service -> Columns.labels(service.treeOrEmpty("spec", "selector")))
    };
  }

  private static String clusterAddress(Tree service) {
    List<String> all = service.texts("spec", "clusterIPs");
    String address = all.isEmpty() ? service.textOrEmpty("spec", "clusterIP") : all.getFirst();
    return Columns.orNone(address);
  }

  private static String externalAddress(Tree service) {
    List<String> external = service.texts("spec", "externalIPs");
    return switch (service.textOrEmpty("spec", "type")) {
      case "ExternalName" -> service.textOrEmpty("spec", "externalName");
      case "LoadBalancer" -> {
        Set<String> all = new LinkedHashSet<>();
        for (Tree ingress : service.trees("status", "loadBalancer", "ingress")) {
          String address = ingress.textOrEmpty("ip");
          all.add(address.isEmpty() ? ingress.textOrEmpty("hostname") : address);
        }
        all.addAll(external);
        yield all.isEmpty() ? "<pending>" : String.join(",", all);
      }
      default -> external.isEmpty() ? Columns.NONE : String.join(",", external);
    };
  }

  private static String ports(Tree service) {
    List<Tree> ports = service.trees("spec", "ports");
    if (ports.isEmpty()) {
      return Columns.NONE;
    }
    return ports.stream()
        .map(
            port ->
                port.number(0, "port")
                    + (port.number(0, "nodePort") > 0 ? ":" + port.number(0, "nodePort") : "")
                    + "/"
                    + port.textOrEmpty("protocol"))
        .collect(Collectors.joining(","));
  }

  static String endpoints(Tree endpoints) {
    List<Tree> subsets = endpoints.trees("subsets");
    if (subsets.isEmpty()) {
      return Columns.NONE;
    }
    List<String> shown = new ArrayList<>();
    int total = 0;
    for (Tree subset : subsets) {
      List<Tree> ports = subset.trees("ports");
      for (Tree address : subset.trees("addresses")) {
        String ip = address.textOrEmpty("ip");
        if (ports.isEmpty()) {
          total = add(shown, ip, total);
        }
        for (Tree port : ports) {
          String number = Long.toString(port.number(0, "port"));
          total = add(shown, (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + number, total);
        }
      }
    }
    return DiscoveryRows.more(shown, total);
  }

  private static int add(List<String> shown, String text, int total) {
    if (shown.size() < SHOWN) {
      shown.add(text);
    }
    return total + 1;
  }
}
