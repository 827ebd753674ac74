package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;

/** The kinds of the core group, v1. */
final class CoreRows {
  private static final GroupVersionKind BINDING = new GroupVersionKind("", "v1", "Binding");

  private final Ages ages;

  CoreRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        Row.virtual(new Resource("", "v1", "bindings", "Binding", true)).kind(),
        configMaps(),
        endpoints(),
        new EventsRows(ages).core(),
        namespaces(),
        nodes(),
        pods(),
        podTemplates(),
        replicationControllers(),
        secrets(),
        serviceAccounts(),
        services());
  }

  private Kind configMaps() {
    return Row.of(Resources.CONFIG_MAPS)
        .shortNames("cm")
        .columns(
            Columns.name(),
            Columns.text(
                "Data",
                "Number of entries.",
                object ->
                    (long)
                        (object.treeOrEmpty("data").size()
                            + object.treeOrEmpty("binaryData").size())),
            ages.column())
        .strategy(SpeclessStrategy.UNCONDITIONAL)
        .kind();
  }

  private Kind endpoints() {
    return Row.of(Resources.ENDPOINTS)
        .shortNames("ep")
        .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        .columns(
            Columns.name(),
            Columns.text("Endpoints", "Addresses and ports.", ServiceColumns::endpoints),
            ages.column())
        .strategy(SpeclessStrategy.CREATE_ON_UPDATE)
        .kind();
  }

  private Kind namespaces() {
    return Row.of(Resources.NAMESPACES)
        .shortNames("ns")
        .verbs(java.util.Set.of("create", "delete", "get", "list", "patch", "update", "watch"))
        .status()
        .subresource("finalize", "update")
        .columns(
            Columns.name(),
            Columns.text(
                "Status",
                "The status of the namespace",
                object -> object.textOrEmpty("status", "phase")),
            ages.column())
        .selectable("status.phase")
        .strategy(new NamespaceStrategy())
        .kind();
  }

  private Kind nodes() {
    return Row.of(Resources.NODES)
        .shortNames("no")
        .status()
        .subresource(
            "proxy",
            new GroupVersionKind("", "v1", "NodeProxyOptions"),
            java.util.Set.of("create", "delete", "get", "patch", "update"))
        .columns(NodeColumns.columns(ages))
        .selectable("spec.unschedulable", object -> flag(object, "spec", "unschedulable"))
        .strategy(new NodeStrategy())
        .kind();
  }

  private Kind pods() {
    return Row.of(Resources.PODS)
        .shortNames("po")
        .categories("all")
        .status()
        .subresource("attach", option("PodAttachOptions"), java.util.Set.of("create", "get"))
        .subresource("binding", BINDING, Row.CREATE)
        .subresource("ephemeralcontainers", "get", "patch", "update")
        .subresource("eviction", new GroupVersionKind("policy", "v1", "Eviction"), Row.CREATE)
        .subresource("exec", option("PodExecOptions"), java.util.Set.of("create", "get"))
        .subresource("log", "get")
        .subresource(
            "portforward", option("PodPortForwardOptions"), java.util.Set.of("create", "get"))
        .subresource(
            "proxy",
            option("PodProxyOptions"),
            java.util.Set.of("create", "delete", "get", "patch", "update"))
        .subresource("resize", "get", "patch", "update")
        .columns(new PodColumns(ages).columns())
        .selectable(
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName")
        .selectable("spec.hostNetwork", object -> flag(object, "spec", "hostNetwork"))
        .strategy(new PodStrategy())
        .kind();
  }

  private Kind podTemplates() {
    return Row.of(Resources.POD_TEMPLATES)
        .columns(
            Columns.name(),
            Columns.text(
                "Containers",
                "Names of each container in the template.",
                object -> Columns.containers(object.treeOrEmpty("template", "spec"))),
            Columns.text(
                "Images",
                "Images referenced by each container in the template.",
                object -> Columns.images(object.treeOrEmpty("template", "spec"))),
            Columns.text(
                "Pod Labels",
                "The labels for the pod template.",
                object -> Columns.labels(object.treeOrEmpty("template", "metadata", "labels"))))
        .strategy(new PodTemplateStrategy())
        .kind();
  }

  private Kind replicationControllers() {
    return Row.of(Resources.REPLICATION_CONTROLLERS)
        .shortNames("rc")
        .categories("all")
        .status()
        .scale()
        .columns(
            Columns.name(),
            AppsRows.desired(),
            AppsRows.current(),
            AppsRows.readyReplicas(),
            ages.column(),
            AppsRows.containers(),
            AppsRows.images(),
            Columns.wide(
                "Selector",
                "Label selector for pods.",
                object -> Columns.labels(object.treeOrEmpty("spec", "selector"))))
        .selectable("status.replicas", object -> AppsRows.count(object, "status", "replicas"))
        .strategy(new WorkloadStrategy(false, true))
        .kind();
  }

  private Kind secrets() {
    return Row.of(Resources.SECRETS)
        .columns(
            Columns.name(),
            Columns.text("Type", "What the secret is for.", object -> object.textOrEmpty("type")),
            Columns.text(
                "Data", "Number of entries.", object -> (long) object.treeOrEmpty("data").size()),
            ages.column())
        .selectable("type")
        .strategy(new SecretStrategy())
        .kind();
  }

  private Kind serviceAccounts() {
    return Row.of(Resources.SERVICE_ACCOUNTS)
        .shortNames("sa")
        .subresource(
            "token",
            new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest"),
            Row.CREATE)
        .columns(Columns.name(), ages.column())
        .strategy(new SpeclessStrategy(true, false, true))
        .kind();
  }

  private Kind services() {
    return Row.of(Resources.SERVICES)
        .shortNames("svc")
        .categories("all")
        .status()
        .subresource(
            "proxy",
            new GroupVersionKind("", "v1", "ServiceProxyOptions"),
            java.util.Set.of("create", "delete", "get", "patch", "update"))
        .columns(ServiceColumns.columns(ages))
        .selectable("spec.clusterIP", "spec.type")
        .strategy(new ServiceStrategy())
        .kind();
  }

  private static GroupVersionKind option(String kind) {
    return new GroupVersionKind("", "v1", kind);
  }

  private static String flag(Tree object, String... path) {
    return Boolean.toString(object.flag(path));
  }
}
