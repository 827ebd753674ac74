package io.bulwark.cluster;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.cluster.network.service.NetworkRanges;
import io.bulwark.cluster.network.service.ServicePorts;
import org.jspecify.annotations.Nullable;

/**
 * What every node has to know about the cluster: a ConfigMap that nodes may read, and the Service
 * of the name server.
 */
final class ClusterFacts {
  static final String NAME = "bulwark-network";

  private ClusterFacts() {}

  static NetworkRanges ranges(Tree map) {
    return new NetworkRanges(
        map.textOrEmpty("data", "pods"),
        map.textOrEmpty("data", "services"),
        map.textOrEmpty("data", "dns"));
  }

  static String domain(Tree map) {
    return map.textOrEmpty("data", "domain");
  }

  /**
   * @param administrator may write everywhere
   */
  static void publish(ApiClient administrator, ClusterConfiguration configuration) {
    NetworkRanges ranges = configuration.ranges();
    Tree map =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Tree.of("name", NAME, "namespace", "kube-public"),
            "data",
            Tree.of(
                "pods", ranges.pods(),
                "services", ranges.services(),
                "dns", ranges.dnsAddress(),
                "domain", configuration.domain()));
    ensure(administrator, Resources.CONFIG_MAPS, "kube-public", map);
    ensure(administrator, Resources.SERVICES, "kube-system", nameServer(ranges));
    ensure(
        administrator,
        Resources.ROLES,
        "kube-public",
        Tree.of(
            "apiVersion",
            "rbac.authorization.k8s.io/v1",
            "kind",
            "Role",
            "metadata",
            Tree.of("name", NAME, "namespace", "kube-public"),
            "rules",
            TreeList.of(
                Tree.of(
                    "apiGroups", TreeList.of(""),
                    "resources", TreeList.of("configmaps"),
                    "resourceNames", TreeList.of(NAME),
                    "verbs", TreeList.of("get")))));
    ensure(
        administrator,
        Resources.ROLE_BINDINGS,
        "kube-public",
        binding("RoleBinding", NAME, "Role", NAME).set("kube-public", "metadata", "namespace"));
    ensure(
        administrator,
        Resources.CLUSTER_ROLE_BINDINGS,
        null,
        binding(
            "ClusterRoleBinding", "bulwark:node-network", "ClusterRole", "system:node-proxier"));
  }

  /** Every node carries its address and answers itself, so packet rules leave it alone. */
  private static Tree nameServer(NetworkRanges ranges) {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        Tree.of(
            "name",
            "kube-dns",
            "namespace",
            "kube-system",
            "labels",
            Tree.of(
                "k8s-app", "kube-dns",
                "kubernetes.io/cluster-service", "true",
                "kubernetes.io/name", "CoreDNS"),
            "annotations",
            Tree.of(ServicePorts.NODE_SERVED, "true")),
        "spec",
        Tree.of(
            "clusterIP", ranges.dnsAddress(),
            "ports",
                TreeList.of(
                    Tree.of("name", "dns", "port", 53, "protocol", "UDP", "targetPort", 53),
                    Tree.of("name", "dns-tcp", "port", 53, "protocol", "TCP", "targetPort", 53))));
  }

  private static Tree binding(String kind, String name, String roleKind, String role) {
    return Tree.of(
        "apiVersion", "rbac.authorization.k8s.io/v1",
        "kind", kind,
        "metadata", Tree.of("name", name),
        "roleRef", Tree.of("apiGroup", "rbac.authorization.k8s.io", "kind", roleKind, "name", role),
        "subjects",
            TreeList.of(
                Tree.of(
                    "apiGroup", "rbac.authorization.k8s.io",
                    "kind", "Group",
                    "name", "system:nodes")));
  }

  private static void ensure(
      ApiClient client, Resource resource, @Nullable String namespace, Tree object) {
    if (client.find(resource, namespace, Meta.name(object)) == null) {
      client.create(resource, namespace, object);
    }
  }
}
