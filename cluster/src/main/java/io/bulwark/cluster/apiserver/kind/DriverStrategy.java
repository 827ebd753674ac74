package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** CSI drivers: they have no generation, and tokens in the wrong place are worth a word. */
final class DriverStrategy implements Strategy {
  @Override
  public List<String> warnings(Tree object) {
    boolean doubtful =
        !object.list("spec", "tokenRequests").isEmpty()
            && !object.has("spec", "serviceAccountTokenInSecrets");
    return doubtful
        ? List.of(
            "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to"
                + " true to prevent possible logging of tokens in volume attributes")
        : List.of();
  }

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }
}
