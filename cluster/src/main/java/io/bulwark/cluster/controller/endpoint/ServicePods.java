package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.pod.PodState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which pods stand behind which Services, and at which ports. */
final class ServicePods {
  static final String HEADLESS = "service.kubernetes.io/headless";
  static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

  private final Informer services;
  private final Informer pods;

  ServicePods(Informer services, Informer pods) {
    this.services = services;
    this.pods = pods;
  }

  boolean synced() {
    return services.synced() && pods.synced();
  }

  @Nullable Tree service(String key) {
    return services.get(key);
  }

  /** Whether the Service's endpoints are made from pods. */
  static boolean selects(Tree service) {
    return !service.treeOrEmpty("spec", "selector").isEmpty()
        && !"ExternalName".equals(service.text("spec", "type"));
  }

  List<Tree> of(Tree service) {
    LabelSelector selector =
        LabelSelector.of(Tree.of("matchLabels", service.treeOrEmpty("spec", "selector").copy()));
    List<Tree> selected = new ArrayList<>();
    for (Tree pod : pods.list(Meta.namespace(service))) {
      if (selector.matchesObject(pod)) {
        selected.add(pod);
      }
    }
    return selected;
  }

  /** The keys of the Services whose endpoints a change of a pod may touch. */
  Set<String> touched(@Nullable Tree before, @Nullable Tree after) {
    if (before != null && after != null && sameEndpoint(before, after)) {
      return Set.of();
    }
    Set<String> keys = new TreeSet<>();
    for (Tree pod : new Tree[] {before, after}) {
      if (pod == null) {
        continue;
      }
      for (Tree service : services.list(Meta.namespace(pod))) {
        if (selects(service) && matches(service, pod)) {
          keys.add(Meta.key(service));
        }
      }
    }
    return keys;
  }

  private static boolean matches(Tree service, Tree pod) {
    Tree wanted = service.treeOrEmpty("spec", "selector");
    for (int i = 0; i < wanted.size(); i++) {
      if (!Objects.equals(wanted.valueAt(i), Meta.label(pod, wanted.keyAt(i)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameEndpoint(Tree before, Tree after) {
    return same(before, after, "metadata", "labels")
        && same(before, after, "metadata", "deletionTimestamp")
        && same(before, after, "spec")
        && same(before, after, "status", "podIPs")
        && same(before, after, "status", "podIP")
        && same(before, after, "status", "phase")
        && PodState.ready(before) == PodState.ready(after);
  }

  private static boolean same(Tree before, Tree after, String... path) {
    return Objects.equals(before.at(path), after.at(path));
  }

  /** Whether a pod has an address that may be published. */
  static boolean published(Tree pod, boolean evenTerminating) {
    return !PodState.terminal(pod)
        && !addresses(pod).isEmpty()
        && (evenTerminating || !Meta.terminating(pod));
  }

  static List<String> addresses(Tree pod) {
    List<String> addresses = new ArrayList<>(1);
    for (Tree address : pod.trees("status", "podIPs")) {
      addresses.add(address.textOrEmpty("ip"));
    }
    String single = pod.textOrEmpty("status", "podIP");
    if (addresses.isEmpty() && !single.isEmpty()) {
      addresses.add(single);
    }
    return addresses;
  }

  /** The pod's address of a family ({@code IPv4} or {@code IPv6}), or null. */
  static @Nullable String address(Tree pod, String family) {
    for (String address : addresses(pod)) {
      if (address.contains(":") == family.equals("IPv6")) {
        return address;
      }
    }
    return null;
  }

  static List<String> families(Tree service) {
    List<String> families = service.texts("spec", "ipFamilies");
    return families.isEmpty() ? List.of("IPv4") : families;
  }

  static boolean headless(Tree service) {
    return "None".equals(service.text("spec", "clusterIP"));
  }

  /** The hostname under which DNS knows the pod behind this Service, or null. */
  static @Nullable String hostname(Tree service, Tree pod) {
    String hostname = pod.textOrEmpty("spec", "hostname");
    return !hostname.isEmpty() && Meta.name(service).equals(pod.text("spec", "subdomain"))
        ? hostname
        : null;
  }

  static Tree targetReference(Tree pod) {
    return Tree.of(
        "kind", "Pod",
        "namespace", Meta.namespace(pod),
        "name", Meta.name(pod),
        "uid", Meta.uid(pod));
  }

  /** The ports at which a pod serves, as EndpointPorts; ports that it lacks are left out. */
  static TreeList ports(Tree service, Tree pod) {
    TreeList ports = new TreeList();
    for (Tree port : service.trees("spec", "ports")) {
      Long number = target(port, pod);
      if (number == null) {
        continue;
      }
      Tree found =
          Tree.of(
              "name", port.textOrEmpty("name"),
              "port", number,
              "protocol", protocol(port));
      String application = port.text("appProtocol");
      if (application != null) {
        found.put("appProtocol", application);
      }
      ports.add(found);
    }
    return ports;
  }

  private static @Nullable Long target(Tree port, Tree pod) {
    Object target = port.get("targetPort");
    if (target instanceof Long number && number != 0) {
      return number;
    }
    if (!(target instanceof String name) || name.isEmpty()) {
      return port.number(0, "port");
    }
    for (String list : new String[] {"containers", "initContainers"}) {
      for (Tree container : pod.trees("spec", list)) {
        if (list.equals("initContainers") && !"Always".equals(container.text("restartPolicy"))) {
          continue;
        }
        for (Tree offered : container.trees("ports")) {
          if (name.equals(offered.text("name")) && protocol(offered).equals(protocol(port))) {
            return offered.number(0, "containerPort");
          }
        }
      }
    }
    return null;
  }

  private static String protocol(Tree port) {
    String protocol = port.textOrEmpty("protocol");
    return protocol.isEmpty() ? "TCP" : protocol;
  }
}
