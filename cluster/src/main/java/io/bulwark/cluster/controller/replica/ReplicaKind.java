package io.bulwark.cluster.controller.replica;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;

/** The two kinds that keep a number of equal pods. */
public enum ReplicaKind {
  REPLICA_SET(Resources.REPLICA_SETS, "replicaset-controller"),
  REPLICATION_CONTROLLER(Resources.REPLICATION_CONTROLLERS, "replication-controller");

  private final Resource resource;
  private final String controllerName;

  ReplicaKind(Resource resource, String controllerName) {
    this.resource = resource;
    this.controllerName = controllerName;
  }

  public Resource resource() {
    return resource;
  }

  /** The service account, and the source of events. */
  public String controllerName() {
    return controllerName;
  }

  LabelSelector selector(Tree owner) {
    Tree selector = owner.tree("spec", "selector");
    if (selector == null || selector.isEmpty()) {
      return LabelSelector.nothing();
    }
    return switch (this) {
      case REPLICA_SET -> LabelSelector.of(selector);
      case REPLICATION_CONTROLLER -> LabelSelector.of(Tree.of("matchLabels", selector));
    };
  }
}
