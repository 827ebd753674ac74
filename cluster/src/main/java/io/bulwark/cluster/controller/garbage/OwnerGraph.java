package io.bulwark.cluster.controller.garbage;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who owns whom, by uid. Thread-safe: one lock, held only for memory work.
 *
 * <p>Source: kubernetes pkg/controller/garbagecollector, graph builder.
 */
final class OwnerGraph {
  static final String ORPHAN = "orphan";
  static final String FOREGROUND = "foregroundDeletion";

  private final Map<String, Node> nodes = new HashMap<>();
  private final Consumer<String> attemptToDelete;
  private final Consumer<String> attemptToOrphan;

  /**
   * @param attemptToDelete takes the uid of an object that may have to go
   * @param attemptToOrphan takes the uid of an owner that lets its dependents go
   */
  OwnerGraph(Consumer<String> attemptToDelete, Consumer<String> attemptToOrphan) {
    this.attemptToDelete = attemptToDelete;
    this.attemptToOrphan = attemptToOrphan;
  }

  /** Takes in the present state of an object. */
  synchronized void put(Tree object) {
    String uid = Meta.uid(object);
    List<OwnerReference> owners =
        Meta.ownerReferences(object).stream().map(OwnerReference::of).toList();
    Node node = nodes.get(uid);
    boolean fresh = node == null || node.virtual;
    if (node == null) {
      node = new Node(uid, "", "", "", "");
      nodes.put(uid, node);
    }
    if (fresh) {
      node.apiVersion = object.textOrEmpty("apiVersion");
      node.kind = object.textOrEmpty("kind");
      node.namespace = Meta.namespace(object);
      node.name = Meta.name(object);
      node.virtual = false;
    }
    if (!node.owners.equals(owners)) {
      relink(node, owners);
    }
    leaving(node, object);
  }

  private void relink(Node node, List<OwnerReference> owners) {
    List<OwnerReference> before = node.owners;
    node.owners = owners;
    Set<String> now = new HashSet<>();
    owners.forEach(owner -> now.add(owner.uid()));
    for (OwnerReference old : before) {
      Node owner = nodes.get(old.uid());
      if (owner == null) {
        continue;
      }
      if (!now.contains(old.uid())) {
        owner.dependents.remove(node);
      }
      if (owner.deletingDependents) {
        attemptToDelete.accept(owner.uid);
      }
    }
    for (OwnerReference reference : owners) {
      Node owner = nodes.get(reference.uid());
      if (owner == null) {
        owner =
            new Node(
                reference.uid(),
                reference.apiVersion(),
                reference.kind(),
                node.namespace,
                reference.name());
        owner.virtual = true;
        nodes.put(owner.uid, owner);
        attemptToDelete.accept(owner.uid);
      }
      owner.dependents.add(node);
    }
  }

  private void leaving(Node node, Tree object) {
    if (!Meta.terminating(object)) {
      return;
    }
    node.beingDeleted = true;
    List<String> finalizers = Meta.finalizers(object);
    if (finalizers.contains(ORPHAN)) {
      attemptToOrphan.accept(node.uid);
    } else if (finalizers.contains(FOREGROUND) && !node.deletingDependents) {
      node.deletingDependents = true;
      node.dependents.forEach(dependent -> attemptToDelete.accept(dependent.uid));
      attemptToDelete.accept(node.uid);
    }
  }

  /** The object is gone: its dependents may have to follow, its owners may be waiting for it. */
  synchronized void remove(String uid) {
    Node node = nodes.remove(uid);
    if (node == null) {
      return;
    }
    for (OwnerReference reference : node.owners) {
      Node owner = nodes.get(reference.uid());
      if (owner == null) {
        continue;
      }
      owner.dependents.remove(node);
      if (owner.deletingDependents) {
        attemptToDelete.accept(owner.uid);
      }
      if (owner.virtual && owner.dependents.isEmpty()) {
        nodes.remove(owner.uid);
      }
    }
    node.dependents.forEach(dependent -> attemptToDelete.accept(dependent.uid));
  }

  /** Removes all objects of a resource that are not among these. */
  synchronized void retain(Resource resource, Set<String> uids) {
    String apiVersion = resource.groupVersion().toString();
    List<String> gone = new ArrayList<>();
    for (Node node : nodes.values()) {
      if (!node.virtual
          && node.kind.equals(resource.kind())
          && node.apiVersion.equals(apiVersion)
          && !uids.contains(node.uid)) {
        gone.add(node.uid);
      }
    }
    gone.forEach(this::remove);
  }

  /** Reads a node under the lock; null where it is gone. */
  synchronized <T> @Nullable T read(String uid, Function<Node, T> reader) {
    Node node = nodes.get(uid);
    return node == null ? null : reader.apply(node);
  }

  synchronized int size() {
    return nodes.size();
  }
}
