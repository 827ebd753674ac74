package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Pods stay five minutes on a node that is not ready or cannot be reached. */
final class DefaultTolerations implements Plugin {
  private static final long SECONDS = 300;

  @Override
  public void mutate(AdmissionRequest request) {
    if (!(request.creates() || request.updates()) || !request.on("", "pods", "")) {
      return;
    }
    Tree spec = request.wanted().child("spec");
    for (String taint : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
      if (spec.trees("tolerations").stream().noneMatch(given -> tolerates(given, taint))) {
        spec.childList("tolerations")
            .add(
                Tree.of(
                    "effect",
                    "NoExecute",
                    "key",
                    taint,
                    "operator",
                    "Exists",
                    "tolerationSeconds",
                    SECONDS));
      }
    }
  }

  private static boolean tolerates(Tree toleration, String taint) {
    String key = toleration.textOrEmpty("key");
    String effect = toleration.textOrEmpty("effect");
    return (key.equals(taint) || key.isEmpty()) && (effect.isEmpty() || effect.equals("NoExecute"));
  }
}
