package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.Objects;

/** Pod templates: the template takes the place of a spec. */
final class PodTemplateStrategy implements Strategy {
  @Override
  public boolean changesGeneration(Tree object, Tree live) {
    return !Objects.equals(object.get("template"), live.get("template"));
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }
}
