package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** The kinds of discovery.k8s.io/v1. */
final class DiscoveryRows {
  private static final int SHOWN = 3;

  private final Ages ages;

  DiscoveryRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        Row.of(Resources.ENDPOINT_SLICES)
            .columns(
                Columns.name(),
                Columns.text(
                    "AddressType",
                    "The family of the addresses.",
                    object -> object.textOrEmpty("addressType")),
                Columns.text("Ports", "The ports of every endpoint.", DiscoveryRows::ports),
                Columns.text("Endpoints", "The addresses.", DiscoveryRows::endpoints),
                ages.column())
            .strategy(new EndpointSliceStrategy())
            .kind());
  }

  private static String ports(Tree object) {
    List<Tree> ports = object.trees("ports");
    if (ports.isEmpty()) {
      return "<unset>";
    }
    List<String> shown = new ArrayList<>();
    for (Tree port : ports.subList(0, Math.min(SHOWN, ports.size()))) {
      String name = port.textOrEmpty("name");
      shown.add(
          port.has("port") ? Long.toString(port.number(0, "port")) : name.isEmpty() ? "*" : name);
    }
    return more(shown, ports.size());
  }

  private static String endpoints(Tree object) {
    List<String> addresses =
        object.trees("endpoints").stream()
            .flatMap(endpoint -> endpoint.texts("addresses").stream())
            .toList();
    if (addresses.isEmpty()) {
      return "<unset>";
    }
    return more(addresses.subList(0, Math.min(SHOWN, addresses.size())), addresses.size());
  }

  static String more(List<String> shown, int total) {
    String text = String.join(",", shown);
    return total > shown.size() ? text + " + " + (total - shown.size()) + " more..." : text;
  }
}
