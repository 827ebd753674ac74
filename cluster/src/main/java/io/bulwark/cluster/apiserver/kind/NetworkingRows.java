package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of networking.k8s.io/v1. */
final class NetworkingRows {
  private static final int SHOWN_HOSTS = 3;
  private static final int ADDRESS_WIDTH = 16;

  private final Ages ages;

  NetworkingRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(ingressClasses(), ingresses(), addresses(), policies(), ranges());
  }

  private Kind ingressClasses() {
    return Row.of(networking("ingressclasses", "IngressClass", false))
        .columns(
            Columns.name(NetworkingRows::className),
            Columns.text(
                "Controller",
                "Controller that is responsible for handling this class",
                type -> type.textOrEmpty("spec", "controller")),
            Columns.text(
                "Parameters",
                "A reference to a resource with additional parameters",
                NetworkingRows::parameters),
            ages.column())
        .strategy(new SpecStrategy(true, false))
        .kind();
  }

  private Kind ingresses() {
    return Row.of(networking("ingresses", "Ingress", true))
        .shortNames("ing")
        .status()
        .columns(
            Columns.name(),
            Columns.text(
                "Class",
                "The name of the IngressClass resource that should be used for additional"
                    + " configuration",
                ingress -> Columns.orNone(ingress.text("spec", "ingressClassName"))),
            Columns.text(
                "Hosts",
                "Hosts that incoming requests are matched against before the ingress rule",
                NetworkingRows::hosts),
            Columns.text(
                "Address",
                "Address is a list containing ingress points for the load-balancer",
                NetworkingRows::points),
            Columns.text(
                "Ports",
                "Ports of TLS configurations that open",
                ingress -> ingress.list("spec", "tls").isEmpty() ? "80" : "80, 443"),
            ages.column())
        .strategy(new SpecStrategy(true, false))
        .kind();
  }

  private Kind addresses() {
    return Row.of(networking("ipaddresses", "IPAddress", false))
        .shortNames("ip")
        .columns(
            Columns.name(),
            Columns.text("ParentRef", "What has the address.", NetworkingRows::parent))
        .strategy(SpeclessStrategy.UNCONDITIONAL)
        .kind();
  }

  private Kind policies() {
    return Row.of(networking("networkpolicies", "NetworkPolicy", true))
        .shortNames("netpol")
        .columns(
            Columns.name(),
            Columns.text(
                "Pod-Selector",
                "The pods that the policy is for.",
                policy -> Columns.selector(policy.treeOrEmpty("spec", "podSelector"))),
            ages.column())
        .strategy(new SpecStrategy(true, false))
        .kind();
  }

  private Kind ranges() {
    return Row.of(Resources.SERVICE_CIDRS)
        .status()
        .columns(
            Columns.name(),
            Columns.text(
                "CIDRs",
                "From which Services get their addresses.",
                range -> String.join(",", range.texts("spec", "cidrs"))),
            ages.column())
        .strategy(SpeclessStrategy.UNCONDITIONAL)
        .kind();
  }

  private static Resource networking(String resource, String kind, boolean namespaced) {
    return new Resource("networking.k8s.io", "v1", resource, kind, namespaced);
  }

  private static String className(Tree type) {
    String marked =
        type.textOrEmpty("metadata", "annotations", "ingressclass.kubernetes.io/is-default-class");
    return marked.equals("true") ? Meta.name(type) + " (default)" : Meta.name(type);
  }

  private static String parameters(Tree type) {
    Tree parameters = type.treeOrEmpty("spec", "parameters");
    if (parameters.isEmpty()) {
      return Columns.NONE;
    }
    String group = parameters.textOrEmpty("apiGroup");
    return parameters.textOrEmpty("kind")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + parameters.textOrEmpty("name");
  }

  private static String hosts(Tree ingress) {
    List<String> named =
        ingress.trees("spec", "rules").stream()
            .map(rule -> rule.textOrEmpty("host"))
            .filter(host -> !host.isEmpty())
            .toList();
    if (named.isEmpty()) {
      return "*";
    }
    String shown = String.join(",", named.subList(0, Math.min(SHOWN_HOSTS, named.size())));
    return named.size() > SHOWN_HOSTS
        ? shown + " + " + (named.size() - SHOWN_HOSTS) + " more..."
        : shown;
  }

  private static String points(Tree ingress) {
    String all =
        ingress.trees("status", "loadBalancer", "ingress").stream()
            .map(
                point ->
                    point.textOrEmpty("ip").isEmpty()
                        ? point.textOrEmpty("hostname")
                        : point.textOrEmpty("ip"))
            .filter(point -> !point.isEmpty())
            .sorted()
            .distinct()
            .collect(Collectors.joining(","));
    return all.length() > ADDRESS_WIDTH ? all.substring(0, ADDRESS_WIDTH - 3) + "..." : all;
  }

  private static String parent(Tree address) {
    Tree parent = address.treeOrEmpty("spec", "parentRef");
    if (parent.isEmpty()) {
      return Columns.NONE;
    }
    String group = parent.textOrEmpty("group");
    String namespace = parent.textOrEmpty("namespace");
    return (parent.textOrEmpty("resource") + (group.isEmpty() ? "" : "." + group))
            .toLowerCase(Locale.ROOT)
        + (namespace.isEmpty() ? "" : "/" + namespace)
        + "/"
        + parent.textOrEmpty("name");
  }
}
