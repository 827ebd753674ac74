package io.bulwark.cluster.apiserver;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.apiserver.authz.BootstrapPolicy;
import io.bulwark.cluster.apiserver.authz.BootstrapReconciler;
import java.util.List;

/**
 * What every cluster has from the start: its namespaces, its roles, and the Service by which pods
 * find the API. Everything goes through the request path.
 */
final class Bootstrap {
  private static final String NAMESPACE = "default";
  private static final String SERVICE = "kubernetes";

  private final ApiClient client;
  private final ApiServerSettings settings;

  /**
   * @param client of a member of {@code system:masters}
   */
  Bootstrap(ApiClient client, ApiServerSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  void run() throws InterruptedException {
    for (String name : List.of("kube-system", NAMESPACE, "kube-public", "kube-node-lease")) {
      ensure(
          Resources.NAMESPACES,
          Tree.of(
              "apiVersion", "v1",
              "kind", "Namespace",
              "metadata", Tree.of("name", name)));
    }
    new BootstrapReconciler(client).reconcile(BootstrapPolicy.standard());
    ensure(
        Resources.PRIORITY_CLASSES,
        priorityClass(
            "system-node-critical",
            2_000_001_000L,
            "Used for system critical pods that must not be moved from their current node."));
    ensure(
        Resources.PRIORITY_CLASSES,
        priorityClass(
            "system-cluster-critical",
            2_000_000_000L,
            "Used for system critical pods that must run in the cluster, but can be moved to"
                + " another node if necessary."));
    ensureServiceRange();
    ensure(Resources.SERVICES, service());
    if (!settings.address().startsWith("127.")) {
      // Endpoints cannot have loopback addresses: such a server is for this machine only.
      put(Resources.ENDPOINTS, endpoints());
      put(Resources.ENDPOINT_SLICES, slice());
    }
  }

  private void ensure(Resource resource, Tree wanted) {
    if (client.find(resource, Meta.namespace(wanted), Meta.name(wanted)) == null) {
      try {
        client.create(resource, Meta.namespace(wanted), wanted);
      } catch (ApiException raced) {
        if (!raced.alreadyExists()) {
          throw raced;
        }
      }
    }
  }

  /** Makes an object, or corrects it where the address of the API has changed. */
  private void put(Resource resource, Tree wanted) {
    Tree found = client.find(resource, NAMESPACE, SERVICE);
    if (found == null) {
      ensure(resource, wanted);
      return;
    }
    Tree corrected = found.copy();
    wanted.forEach(
        (field, value) -> {
          if (!field.equals("metadata")) {
            corrected.put(field, value);
          }
        });
    client.update(resource, corrected);
  }

  private static Tree priorityClass(String name, long value, String description) {
    return Tree.of(
        "apiVersion",
        "scheduling.k8s.io/v1",
        "kind",
        "PriorityClass",
        "metadata",
        Tree.of("name", name),
        "value",
        value,
        "description",
        description,
        "preemptionPolicy",
        "PreemptLowerPriority");
  }

  /** The range that Services are served from, said to be ready. */
  private void ensureServiceRange() {
    Tree wanted =
        Tree.of(
            "apiVersion",
            "networking.k8s.io/v1",
            "kind",
            "ServiceCIDR",
            "metadata",
            Tree.of(
                "name",
                SERVICE,
                "finalizers",
                TreeList.of("networking.k8s.io/service-cidr-finalizer")),
            "spec",
            Tree.of("cidrs", TreeList.of(settings.services().cidr())));
    ensure(Resources.SERVICE_CIDRS, wanted);
    Tree found = client.get(Resources.SERVICE_CIDRS, "", SERVICE);
    if (found.trees("status", "conditions").isEmpty()) {
      Tree ready = found.copy();
      ready.set(
          TreeList.of(
              Tree.of(
                  "type", "Ready",
                  "status", "True",
                  "reason", "",
                  "message", "Kubernetes Service CIDR is ready",
                  "lastTransitionTime", found.textOrEmpty("metadata", "creationTimestamp"))),
          "status",
          "conditions");
      client.updateStatus(Resources.SERVICE_CIDRS, ready);
    }
  }

  private Tree service() {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        Tree.of(
            "name", SERVICE,
            "namespace", NAMESPACE,
            "labels", Tree.of("component", "apiserver", "provider", "kubernetes")),
        "spec",
        Tree.of(
            "type", "ClusterIP",
            "clusterIP", settings.services().first(),
            "ipFamilyPolicy", "SingleStack",
            "sessionAffinity", "None",
            "ports",
                TreeList.of(
                    Tree.of(
                        "name",
                        "https",
                        "port",
                        443,
                        "protocol",
                        "TCP",
                        "targetPort",
                        settings.port()))));
  }

  private Tree endpoints() {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Endpoints",
        "metadata",
        Tree.of(
            "name", SERVICE,
            "namespace", NAMESPACE,
            "labels", Tree.of("endpointslice.kubernetes.io/skip-mirror", "true")),
        "subsets",
        TreeList.of(
            Tree.of(
                "addresses", TreeList.of(Tree.of("ip", settings.address())),
                "ports", TreeList.of(port()))));
  }

  private Tree slice() {
    return Tree.of(
        "apiVersion",
        "discovery.k8s.io/v1",
        "kind",
        "EndpointSlice",
        "metadata",
        Tree.of(
            "name", SERVICE,
            "namespace", NAMESPACE,
            "labels", Tree.of("kubernetes.io/service-name", SERVICE)),
        "addressType",
        "IPv4",
        "endpoints",
        TreeList.of(
            Tree.of(
                "addresses", TreeList.of(settings.address()),
                "conditions", Tree.of("ready", true))),
        "ports",
        TreeList.of(port()));
  }

  private Tree port() {
    return Tree.of("name", "https", "port", settings.port(), "protocol", "TCP");
  }
}
