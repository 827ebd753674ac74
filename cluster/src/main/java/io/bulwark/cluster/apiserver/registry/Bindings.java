package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.List;

/** Assigns a pod to a node. */
final class Bindings {
  private Bindings() {}

  static void check(Tree binding) {
    String kind = binding.textOrEmpty("target", "kind");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      throw invalid(
          binding, FieldError.notSupported("target.kind", kind, List.of("Node", "<empty>")));
    }
    if (binding.textOrEmpty("target", "name").isEmpty()) {
      throw invalid(binding, FieldError.required("target.name", ""));
    }
  }

  private static RuntimeException invalid(Tree binding, FieldError error) {
    return new Failure.Invalid(new GroupKind("", "Binding"), Meta.name(binding), List.of(error))
        .rejected();
  }

  /** The pod on its node. */
  static Tree bound(Tree pod, Tree binding, String now) {
    String name = Meta.name(pod);
    String uid = Meta.uid(binding);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(pod))) {
      throw conflict(
          name,
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + Meta.uid(pod));
    }
    if (Meta.terminating(pod)) {
      throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    String node = pod.textOrEmpty("spec", "nodeName");
    if (!node.isEmpty()) {
      throw conflict(name, "pod " + name + " is already assigned to node \"" + node + "\"");
    }
    if (!pod.list("spec", "schedulingGates").isEmpty()) {
      throw conflict(name, "pod " + name + " has non-empty .spec.schedulingGates");
    }
    Tree next = pod.copy();
    next.set(binding.textOrEmpty("target", "name"), "spec", "nodeName");
    Meta.annotations(binding)
        .forEach((key, value) -> next.set(value, "metadata", "annotations", key));
    Meta.labels(binding).forEach((key, value) -> next.set(value, "metadata", "labels", key));
    scheduled(next, now);
    String version = Meta.resourceVersion(binding);
    if (!version.isEmpty()) {
      next.set(version, "metadata", "resourceVersion");
    }
    return next;
  }

  private static void scheduled(Tree pod, String now) {
    Tree condition = null;
    for (Tree present : pod.trees("status", "conditions")) {
      if (present.textOrEmpty("type").equals("PodScheduled")) {
        condition = present;
      }
    }
    if (condition == null) {
      condition = Tree.of("type", "PodScheduled");
      pod.childList("status", "conditions").add(condition);
    }
    if (!condition.textOrEmpty("status").equals("True")) {
      condition.put("lastTransitionTime", now);
    }
    condition.put("status", "True");
    condition.put("lastProbeTime", null);
    condition.remove("reason");
    condition.remove("message");
  }

  private static RuntimeException conflict(String pod, String detail) {
    return new Failure.Conflict(new GroupResource("", "pods/binding"), pod, detail).rejected();
  }
}
