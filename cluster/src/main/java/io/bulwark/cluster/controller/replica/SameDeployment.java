package io.bulwark.cluster.controller.replica;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Informer;
import java.util.List;

/** ReplicaSets that one Deployment owns: their pods stand in for one another. */
final class SameDeployment {
  private SameDeployment() {}

  static List<String> controllerUid(Tree owner) {
    Tree controller = Meta.controllerOf(owner);
    return controller == null ? List.of() : List.of(controller.textOrEmpty("uid"));
  }

  /** The owner and its siblings. */
  static List<Tree> of(Tree owner, Informer owners) {
    Tree controller = Meta.controllerOf(owner);
    return controller == null
        ? List.of(owner)
        : owners.byIndex("siblings", controller.textOrEmpty("uid"));
  }
}
