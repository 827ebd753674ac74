package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;

/** Pods: pending when made, with a quality-of-service class that never changes. */
final class PodStrategy implements Strategy {
  private static final long DEFAULT_GRACE = 30;
  private static final long SHORTEST_GRACE = 1;

  @Override
  public TreeList rowConditions(Tree object) {
    String phase = object.textOrEmpty("status", "phase");
    return switch (phase) {
      case "Succeeded" -> completed(phase, "The pod has completed successfully.");
      case "Failed" -> completed(phase, "The pod failed.");
      default -> new TreeList();
    };
  }

  private static TreeList completed(String phase, String message) {
    return TreeList.of(
        Tree.of("type", "Completed", "status", "True", "reason", phase, "message", message));
  }

  @Override
  public void prepareForCreate(Tree object) {
    object.put("status", Tree.of("phase", "Pending", "qosClass", QualityOfService.of(object)));
  }

  @Override
  public void prepareForUpdate(Tree object, Tree live) {
    object.put("status", live.treeOrEmpty("status").copy());
    if (object.number(0, "spec", "terminationGracePeriodSeconds") < 0) {
      object.set(SHORTEST_GRACE, "spec", "terminationGracePeriodSeconds");
    }
  }

  @Override
  public void prepareForStatusUpdate(Tree object, Tree live) {
    Tree status = object.child("status");
    Tree metadata = object.child("metadata");
    metadata.remove("deletionTimestamp");
    metadata.remove("deletionGracePeriodSeconds");
    for (String kept : new String[] {"deletionTimestamp", "deletionGracePeriodSeconds"}) {
      if (live.has("metadata", kept)) {
        metadata.put(kept, live.at("metadata", kept));
      }
    }
    metadata.remove("ownerReferences");
    if (live.has("metadata", "ownerReferences")) {
      metadata.put("ownerReferences", live.list("metadata", "ownerReferences").copy());
    }
    if (status.textOrEmpty("qosClass").isEmpty()) {
      status.put("qosClass", live.textOrEmpty("status", "qosClass"));
    }
    if (status.number(0, "observedGeneration") == 0
        && live.number(0, "status", "observedGeneration") != 0) {
      status.put("observedGeneration", live.number(0, "status", "observedGeneration"));
    }
  }

  @Override
  public long graceSeconds(Tree object) {
    long seconds = object.number(DEFAULT_GRACE, "spec", "terminationGracePeriodSeconds");
    return seconds < 0 ? SHORTEST_GRACE : seconds;
  }

  @Override
  public boolean deletesAtOnce(Tree object) {
    String phase = object.textOrEmpty("status", "phase");
    return object.textOrEmpty("spec", "nodeName").isEmpty()
        || phase.equals("Failed")
        || phase.equals("Succeeded");
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }
}
