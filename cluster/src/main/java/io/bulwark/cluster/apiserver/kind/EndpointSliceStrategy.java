package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.Objects;

/** Endpoint slices have no spec, yet a generation that follows their endpoints and ports. */
final class EndpointSliceStrategy implements Strategy {
  @Override
  public boolean changesGeneration(Tree object, Tree live) {
    return !Objects.equals(object.get("endpoints"), live.get("endpoints"))
        || !Objects.equals(object.get("ports"), live.get("ports"))
        || !Objects.equals(object.get("addressType"), live.get("addressType"));
  }
}
