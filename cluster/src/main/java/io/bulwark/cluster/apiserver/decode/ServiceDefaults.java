package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;

/** Defaults of services and of what stands behind them. Families and addresses are allocated. */
final class ServiceDefaults {
  private static final long AFFINITY_SECONDS = 10_800;

  private ServiceDefaults() {}

  static void service(Tree object) {
    Tree spec = object.child("spec");
    Absent.text(spec, "sessionAffinity", "None");
    Absent.text(spec, "type", "ClusterIP");
    if (spec.textOrEmpty("sessionAffinity").equals("None")) {
      spec.remove("sessionAffinityConfig");
    } else if (spec.textOrEmpty("sessionAffinity").equals("ClientIP")) {
      Tree client = spec.child("sessionAffinityConfig", "clientIP");
      Absent.put(client, "timeoutSeconds", AFFINITY_SECONDS);
    }
    for (Tree port : spec.trees("ports")) {
      Absent.text(port, "protocol", "TCP");
      Object target = port.get("targetPort");
      if (target == null || target.equals(0L) || target.equals("")) {
        port.put("targetPort", port.number(0, "port"));
      }
    }
    String type = spec.textOrEmpty("type");
    boolean external = type.equals("ExternalName");
    if (!external) {
      Absent.text(spec, "internalTrafficPolicy", "Cluster");
    }
    if (type.equals("NodePort")
        || type.equals("LoadBalancer")
        || (!external && !spec.list("externalIPs").isEmpty())) {
      Absent.text(spec, "externalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      Absent.put(spec, "allocateLoadBalancerNodePorts", true);
    }
  }

  static void endpoints(Tree object) {
    for (Tree subset : object.trees("subsets")) {
      subset.trees("ports").forEach(port -> Absent.text(port, "protocol", "TCP"));
    }
  }

  static void endpointSlice(Tree object) {
    for (Tree port : object.trees("ports")) {
      Absent.put(port, "name", "");
      Absent.text(port, "protocol", "TCP");
    }
  }
}
