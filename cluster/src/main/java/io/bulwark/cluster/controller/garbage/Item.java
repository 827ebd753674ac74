package io.bulwark.cluster.controller.garbage;

import java.util.List;

/** What a worker needs of a node, read at one moment. */
record Item(
    String uid,
    String apiVersion,
    String kind,
    String namespace,
    String name,
    boolean beingDeleted,
    boolean deletingDependents,
    boolean virtual,
    boolean blocked,
    List<String> dependents,
    boolean dependentsDeleteDependents) {
  static Item of(Node node) {
    return new Item(
        node.uid,
        node.apiVersion,
        node.kind,
        node.namespace,
        node.name,
        node.beingDeleted,
        node.deletingDependents,
        node.virtual,
        node.hasBlockingDependents(),
        node.dependents.stream().map(dependent -> dependent.uid).toList(),
        node.dependents.stream().anyMatch(dependent -> dependent.deletingDependents));
  }
}
