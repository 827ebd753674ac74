package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.List;

/**
 * Services: an update that leaves out what the server gave keeps it, and one that changes the type
 * drops what the new type has no use for.
 */
final class ServiceStrategy implements Strategy {
  @Override
  public void prepareForUpdate(Tree object, Tree live) {
    Tree spec = object.child("spec");
    String type = spec.textOrEmpty("type");
    if (hasAddress(object) && hasAddress(live)) {
      keepAddress(spec, live);
    } else if (type.equals("ExternalName")) {
      dropIfSame(spec, live, "clusterIP");
      dropIfSame(spec, live, "clusterIPs");
      dropIfSame(spec, live, "ipFamilies");
      dropIfSame(spec, live, "ipFamilyPolicy");
    }
    if (hasPorts(object) && hasPorts(live)) {
      keepPorts(spec, live);
    } else if (!hasPorts(object)) {
      dropPorts(spec, live);
    }
    if (!type.equals("LoadBalancer")) {
      dropIfSame(spec, live, "allocateLoadBalancerNodePorts");
      dropIfSame(spec, live, "loadBalancerClass");
      dropIfSame(spec, live, "healthCheckNodePort");
    }
    if (!hasPorts(object)) {
      dropIfSame(spec, live, "externalTrafficPolicy");
    }
  }

  @Override
  public List<String> warnings(Tree object) {
    return object.list("spec", "externalIPs").isEmpty()
        ? List.of()
        : List.of(
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  }

  @Override
  public List<String> updateWarnings(Tree object) {
    return warnings(object);
  }

  private static void keepAddress(Tree spec, Tree live) {
    if (spec.textOrEmpty("clusterIP").isEmpty()) {
      spec.put("clusterIP", live.textOrEmpty("spec", "clusterIP"));
    }
    if (spec.texts("clusterIPs").isEmpty()
        && spec.textOrEmpty("clusterIP").equals(live.textOrEmpty("spec", "clusterIP"))) {
      spec.put("clusterIPs", live.list("spec", "clusterIPs").copy());
    }
  }

  private static void keepPorts(Tree spec, Tree live) {
    for (Tree port : spec.trees("ports")) {
      if (port.number(0, "nodePort") == 0) {
        for (Tree before : live.trees("spec", "ports")) {
          if (samePort(port, before) && before.number(0, "nodePort") != 0 && unused(spec, before)) {
            port.put("nodePort", before.number(0, "nodePort"));
          }
        }
      }
    }
    if (spec.number(0, "healthCheckNodePort") == 0
        && live.number(0, "spec", "healthCheckNodePort") != 0) {
      spec.put("healthCheckNodePort", live.number(0, "spec", "healthCheckNodePort"));
    }
  }

  private static boolean samePort(Tree one, Tree other) {
    return one.number(0, "port") == other.number(0, "port")
        && one.textOrEmpty("protocol").equals(other.textOrEmpty("protocol"));
  }

  private static boolean unused(Tree spec, Tree before) {
    return spec.trees("ports").stream()
        .noneMatch(port -> port.number(0, "nodePort") == before.number(0, "nodePort"));
  }

  private static void dropPorts(Tree spec, Tree live) {
    List<Long> before =
        live.trees("spec", "ports").stream().map(port -> port.number(0, "nodePort")).toList();
    for (Tree port : spec.trees("ports")) {
      if (before.contains(port.number(0, "nodePort"))) {
        port.remove("nodePort");
      }
    }
  }

  private static void dropIfSame(Tree spec, Tree live, String field) {
    if (spec.containsKey(field)
        && java.util.Objects.equals(spec.get(field), live.at("spec", field))) {
      spec.remove(field);
    }
  }

  private static boolean hasAddress(Tree service) {
    return !service.textOrEmpty("spec", "type").equals("ExternalName");
  }

  private static boolean hasPorts(Tree service) {
    String type = service.textOrEmpty("spec", "type");
    return type.equals("NodePort") || type.equals("LoadBalancer");
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }
}
