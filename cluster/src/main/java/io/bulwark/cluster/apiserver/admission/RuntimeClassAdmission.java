package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a runtime class carries the overhead of the class and goes where the class can run.
 *
 * <p>Source: kubernetes plugin/pkg/admission/runtimeclass.
 */
final class RuntimeClassAdmission implements Plugin {
  private static final String OVERHEAD = "overhead";

  private final LiveObjects objects;

  RuntimeClassAdmission(LiveObjects objects) {
    this.objects = objects;
  }

  private static boolean concerns(AdmissionRequest request) {
    return request.creates() && request.on("", "pods", "");
  }

  @Override
  public void mutate(AdmissionRequest request) {
    if (!concerns(request)) {
      return;
    }
    Tree spec = request.wanted().child("spec");
    Tree type = named(request, spec);
    if (type == null) {
      return;
    }
    Tree overhead = type.treeOrEmpty(OVERHEAD, "podFixed");
    if (type.has(OVERHEAD)) {
      Tree stated = spec.treeOrEmpty(OVERHEAD);
      if (!stated.isEmpty() && !stated.equals(overhead)) {
        throw request
            .forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
            .rejected();
      }
      spec.put(OVERHEAD, overhead.copy());
    }
    place(request, spec, type.treeOrEmpty("scheduling"));
  }

  private static void place(AdmissionRequest request, Tree spec, Tree scheduling) {
    scheduling
        .treeOrEmpty("nodeSelector")
        .forEach(
            (label, value) -> {
              Object stated = spec.treeOrEmpty("nodeSelector").get(label);
              if (stated != null && !stated.equals(value)) {
                throw request
                    .forbidden(
                        "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s;"
                                .formatted(label, value)
                            + " pod.spec.nodeSelector[%s] = %s".formatted(label, stated))
                    .rejected();
              }
              spec.child("nodeSelector").put(label, value);
            });
    for (Tree toleration : scheduling.trees("tolerations")) {
      TreeList given = spec.childList("tolerations");
      if (!given.contains(toleration)) {
        given.add(toleration.copy());
      }
    }
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (!concerns(request)) {
      return;
    }
    Tree spec = request.wanted().treeOrEmpty("spec");
    Tree type = named(request, spec);
    boolean defined = type != null && type.has(OVERHEAD);
    if (!defined && spec.has(OVERHEAD)) {
      throw request
          .forbidden(
              "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
          .rejected();
    }
    if (type != null
        && defined
        && !Objects.equals(type.treeOrEmpty(OVERHEAD, "podFixed"), spec.treeOrEmpty(OVERHEAD))) {
      throw request
          .forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
          .rejected();
    }
  }

  private @Nullable Tree named(AdmissionRequest request, Tree spec) {
    String name = spec.textOrEmpty("runtimeClassName");
    if (name.isEmpty()) {
      return null;
    }
    Tree type = objects.find(Resources.RUNTIME_CLASSES, "", name);
    if (type == null) {
      throw request.forbidden("pod rejected: RuntimeClass \"" + name + "\" not found").rejected();
    }
    return type;
  }
}
