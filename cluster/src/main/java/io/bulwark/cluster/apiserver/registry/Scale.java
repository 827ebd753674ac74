package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import java.time.InstantSource;
import java.util.List;

/** The replicas of a workload as an autoscaling/v1 Scale. */
final class Scale {
  /** How a Scale is patched and shown; it is stored nowhere. */
  static final Kind KIND = Kinds.scale(InstantSource.system());

  private Scale() {}

  static Tree of(Tree workload) {
    Tree metadata = new Tree();
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      if (workload.has("metadata", field)) {
        metadata.put(field, workload.at("metadata", field));
      }
    }
    return Tree.of(
        "apiVersion",
        "autoscaling/v1",
        "kind",
        "Scale",
        "metadata",
        metadata,
        "spec",
        replicas(workload.number(0, "spec", "replicas")),
        "status",
        status(workload));
  }

  private static Tree replicas(long count) {
    return count == 0 ? new Tree() : Tree.of("replicas", count);
  }

  private static Tree status(Tree workload) {
    Tree status = Tree.of("replicas", workload.number(0, "status", "replicas"));
    Tree selector = workload.treeOrEmpty("spec", "selector");
    boolean plain = workload.textOrEmpty("kind").equals("ReplicationController");
    String text =
        plain ? LabelSelector.ofLabels(selector).toString() : LabelSelector.of(selector).toString();
    if (!text.isEmpty()) {
      status.put("selector", text);
    }
    return status;
  }

  /** The workload with the replicas of a Scale. */
  static Tree applied(Tree scale, Tree workload) {
    long replicas = scale.number(0, "spec", "replicas");
    if (replicas < 0) {
      throw new Failure.Invalid(
              new GroupKind("autoscaling", "Scale"),
              Meta.name(workload),
              List.of(
                  FieldError.invalid(
                      "spec.replicas", replicas, "must be greater than or equal to 0")))
          .rejected();
    }
    String uid = Meta.uid(scale);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(workload))) {
      throw new Failure.Conflict(
              new io.bulwark.api.meta.GroupResource("autoscaling", "scales"),
              Meta.name(workload),
              "Precondition failed: UID in precondition: "
                  + uid
                  + ", UID in object meta: "
                  + Meta.uid(workload))
          .rejected();
    }
    Tree next = workload.copy();
    next.set(replicas, "spec", "replicas");
    String version = Meta.resourceVersion(scale);
    if (!version.isEmpty()) {
      next.set(version, "metadata", "resourceVersion");
    }
    return next;
  }
}
