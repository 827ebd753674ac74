package io.bulwark.cluster.controller.garbage;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An object in the owner graph. Guarded by the graph. */
final class Node {
  final String uid;
  String apiVersion;
  String kind;
  String namespace;
  String name;
  List<OwnerReference> owners = List.of();
  final Set<Node> dependents = new LinkedHashSet<>(0);
  boolean beingDeleted;
  boolean deletingDependents;

  /** Known only because others name it as their owner. */
  boolean virtual;

  Node(String uid, String apiVersion, String kind, String namespace, String name) {
    this.uid = uid;
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.namespace = namespace;
    this.name = name;
  }

  boolean hasBlockingDependents() {
    for (Node dependent : dependents) {
      for (OwnerReference owner : dependent.owners) {
        if (owner.uid().equals(uid) && owner.blocks()) {
          return true;
        }
      }
    }
    return false;
  }
}
