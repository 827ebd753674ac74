package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.controller.pod.PodState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The subsets of an Endpoints object: addresses that serve at the same ports stand together. */
final class Subsets {
  private record Address(Tree tree, boolean ready) {}

  /** Addresses by port; an address without any port stands under an empty one. */
  private final Map<Tree, TreeMap<String, Address>> byPort = new LinkedHashMap<>();

  private Subsets() {}

  /**
   * The subsets, canonically ordered.
   *
   * @param limit how many addresses at most, ready ones first
   */
  static TreeList of(Tree service, List<Tree> pods, int limit) {
    Subsets subsets = new Subsets();
    boolean evenUnready = service.flag("spec", "publishNotReadyAddresses");
    String family = ServicePods.families(service).getFirst();
    List<Tree> chosen = new ArrayList<>();
    for (Tree pod : pods) {
      if (ServicePods.published(pod, evenUnready) && ServicePods.address(pod, family) != null) {
        chosen.add(pod);
      }
    }
    if (chosen.size() > limit) {
      chosen.sort((a, b) -> Boolean.compare(PodState.ready(b), PodState.ready(a)));
      chosen = chosen.subList(0, limit);
    }
    for (Tree pod : chosen) {
      subsets.add(service, pod, evenUnready || PodState.ready(pod), family);
    }
    return subsets.grouped();
  }

  private void add(Tree service, Tree pod, boolean ready, String family) {
    Tree address = Tree.of("ip", ServicePods.address(pod, family));
    String hostname = ServicePods.hostname(service, pod);
    if (hostname != null) {
      address.put("hostname", hostname);
    }
    if (!PodState.node(pod).isEmpty()) {
      address.put("nodeName", PodState.node(pod));
    }
    address.put("targetRef", ServicePods.targetReference(pod));
    TreeList ports = ServicePods.ports(service, pod);
    if (service.list("spec", "ports").isEmpty()) {
      ports.add(new Tree());
    }
    for (Tree port : ports.trees()) {
      if (port.textOrEmpty("name").isEmpty()) {
        port.remove("name");
      }
      byPort
          .computeIfAbsent(port, none -> new TreeMap<>())
          .put(address.textOrEmpty("ip") + "/" + Meta.uid(pod), new Address(address, ready));
    }
  }

  private TreeList grouped() {
    Map<TreeMap<String, Address>, List<Tree>> groups = new LinkedHashMap<>();
    byPort.forEach(
        (port, addresses) ->
            groups.computeIfAbsent(addresses, none -> new ArrayList<>()).add(port));
    TreeMap<String, Tree> ordered = new TreeMap<>();
    groups.forEach(
        (addresses, ports) -> {
          Tree subset = new Tree();
          for (Address address : addresses.values()) {
            subset
                .childList(address.ready ? "addresses" : "notReadyAddresses")
                .add(address.tree.copy());
          }
          ports.sort(
              (a, b) -> {
                int byName = a.textOrEmpty("name").compareTo(b.textOrEmpty("name"));
                return byName != 0
                    ? byName
                    : Long.compare(a.number(0, "port"), b.number(0, "port"));
              });
          for (Tree port : ports) {
            if (!port.isEmpty()) {
              subset.childList("ports").add(port.copy());
            }
          }
          ordered.put(addresses.firstKey() + ports, subset);
        });
    return new TreeList(ordered.values());
  }
}
