package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Locale;

/** The kinds of apps/v1. */
final class AppsRows {
  private final Ages ages;

  AppsRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        controllerRevisions(), daemonSets(), deployments(), replicaSets(), statefulSets());
  }

  private Kind controllerRevisions() {
    return Row.of(Resources.CONTROLLER_REVISIONS)
        .columns(
            Columns.name(),
            Columns.text("Controller", "Controller of the object", AppsRows::controller),
            Columns.text(
                "Revision", "The number of the revision.", object -> object.number(0, "revision")),
            ages.column())
        .strategy(SpeclessStrategy.UNCONDITIONAL)
        .kind();
  }

  private static String controller(Tree object) {
    Tree owner = Meta.controllerOf(object);
    if (owner == null) {
      return Columns.NONE;
    }
    String group = GroupVersion.parse(owner.textOrEmpty("apiVersion")).group();
    return owner.textOrEmpty("kind").toLowerCase(Locale.ROOT)
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + owner.textOrEmpty("name");
  }

  private Kind daemonSets() {
    return Row.of(Resources.DAEMON_SETS)
        .shortNames("ds")
        .categories("all")
        .status()
        .columns(
            Columns.name(),
            status("Desired", "Nodes that shall run the pod.", "desiredNumberScheduled"),
            status("Current", "Nodes that run it.", "currentNumberScheduled"),
            status("Ready", "Nodes where it is ready.", "numberReady"),
            status("Up-to-date", "Nodes with the newest pod.", "updatedNumberScheduled"),
            status("Available", "Nodes where it is available.", "numberAvailable"),
            Columns.text(
                "Node Selector",
                "Labels of the nodes that are meant.",
                object ->
                    Columns.labels(object.treeOrEmpty("spec", "template", "spec", "nodeSelector"))),
            ages.column(),
            containers(),
            images(),
            Columns.wide(
                "Selector",
                "Label selector for pods.",
                object -> Columns.selector(object.treeOrEmpty("spec", "selector"))))
        .strategy(new DaemonSetStrategy())
        .kind();
  }

  private static Column status(String name, String description, String field) {
    return Columns.integer(name, description, object -> object.number(0, "status", field));
  }

  private Kind statefulSets() {
    return Row.of(Resources.STATEFUL_SETS)
        .shortNames("sts")
        .categories("all")
        .status()
        .scale()
        .columns(
            Columns.name(),
            Columns.text("Ready", "Number of the pod with ready state", AppsRows::ready),
            ages.column(),
            containers(),
            images())
        .strategy(new WorkloadStrategy(false, false))
        .kind();
  }

  private Kind deployments() {
    return Row.of(Resources.DEPLOYMENTS)
        .shortNames("deploy")
        .categories("all")
        .status()
        .scale()
        .columns(
            Columns.name(),
            Columns.text("Ready", "Number of the pod with ready state", AppsRows::ready),
            Columns.printed(
                "Up-to-date",
                "Total number of non-terminated pods targeted by this deployment that have the"
                    + " desired template spec.",
                object -> object.number(0, "status", "updatedReplicas")),
            Columns.printed(
                "Available",
                "Total number of available pods (ready for at least minReadySeconds) targeted by"
                    + " this deployment.",
                object -> object.number(0, "status", "availableReplicas")),
            ages.column(),
            containers(),
            images(),
            Columns.wide(
                "Selector",
                "Label selector for pods.",
                object -> Columns.selector(object.treeOrEmpty("spec", "selector"))))
        .strategy(new WorkloadStrategy(true, false))
        .kind();
  }

  private Kind replicaSets() {
    return Row.of(Resources.REPLICA_SETS)
        .shortNames("rs")
        .categories("all")
        .status()
        .scale()
        .columns(
            Columns.name(),
            desired(),
            current(),
            readyReplicas(),
            ages.column(),
            containers(),
            images(),
            Columns.wide(
                "Selector",
                "Label selector for pods.",
                object -> Columns.selector(object.treeOrEmpty("spec", "selector"))))
        .selectable("status.replicas", object -> count(object, "status", "replicas"))
        .strategy(new WorkloadStrategy(false, false))
        .kind();
  }

  private static String ready(Tree object) {
    return object.number(0, "status", "readyReplicas") + "/" + object.number(0, "spec", "replicas");
  }

  static Column desired() {
    return Columns.integer(
        "Desired", "Number of desired pods.", object -> object.number(0, "spec", "replicas"));
  }

  static Column current() {
    return Columns.integer(
        "Current", "Number of existing pods.", object -> object.number(0, "status", "replicas"));
  }

  static Column readyReplicas() {
    return Columns.integer(
        "Ready", "Number of ready pods.", object -> object.number(0, "status", "readyReplicas"));
  }

  static Column containers() {
    return Columns.wide(
        "Containers",
        "Names of each container in the template.",
        object -> Columns.containers(object.treeOrEmpty("spec", "template", "spec")));
  }

  static Column images() {
    return Columns.wide(
        "Images",
        "Images referenced by each container in the template.",
        object -> Columns.images(object.treeOrEmpty("spec", "template", "spec")));
  }

  static String count(Tree object, String... path) {
    return Long.toString(object.number(0, path));
  }
}
