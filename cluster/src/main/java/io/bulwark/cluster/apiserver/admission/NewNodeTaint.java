package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.tree.Tree;

/** A new node takes no pods before it is found ready. */
final class NewNodeTaint implements Plugin {
  private static final String NOT_READY = "node.kubernetes.io/not-ready";

  @Override
  public void mutate(AdmissionRequest request) {
    if (!request.creates() || !request.on("", "nodes", "")) {
      return;
    }
    Tree spec = request.wanted().child("spec");
    boolean tainted =
        spec.trees("taints").stream()
            .anyMatch(
                taint ->
                    taint.textOrEmpty("key").equals(NOT_READY)
                        && taint.textOrEmpty("effect").equals("NoSchedule"));
    if (!tainted) {
      spec.childList("taints").add(Tree.of("effect", "NoSchedule", "key", NOT_READY));
    }
  }
}
