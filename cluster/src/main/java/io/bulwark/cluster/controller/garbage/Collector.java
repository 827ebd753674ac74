package io.bulwark.cluster.controller.garbage;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides about single objects, always on their live state: the graph only says where to look.
 *
 * <p>Source: kubernetes pkg/controller/garbagecollector.
 */
final class Collector {
  private final ApiClient client;
  private final OwnerGraph graph;
  private final Supplier<Mapping> mapping;
  private final Consumer<String> attemptToDelete;

  Collector(
      ApiClient client,
      OwnerGraph graph,
      Supplier<Mapping> mapping,
      Consumer<String> attemptToDelete) {
    this.client = client;
    this.graph = graph;
    this.mapping = mapping;
    this.attemptToDelete = attemptToDelete;
  }

  /** The owners of an object: still there, gone, or waiting for it in foreground deletion. */
  private record Owners(int solid, List<String> dangling, List<String> waiting) {}

  void delete(String uid) {
    Item item = graph.read(uid, Item::of);
    if (item == null || (item.beingDeleted() && !item.deletingDependents())) {
      return;
    }
    Resource resource = resource(item.apiVersion(), item.kind());
    if (resource.namespaced() && item.namespace().isEmpty()) {
      // A cluster-scoped object names a namespaced owner, which cannot be looked up: leave it.
      return;
    }
    Tree live = client.find(resource, item.namespace(), item.name());
    if (live == null || !Meta.uid(live).equals(uid)) {
      graph.remove(uid);
      return;
    }
    if (item.virtual()) {
      return;
    }
    if (item.deletingDependents()) {
      deleteDependents(item, resource, live);
      return;
    }
    if (!Meta.ownerReferences(live).isEmpty()) {
      decide(item, resource, live);
    }
  }

  private void deleteDependents(Item item, Resource resource, Tree live) {
    if (!item.blocked()) {
      dropFinalizer(resource, live, OwnerGraph.FOREGROUND);
      return;
    }
    item.dependents().forEach(attemptToDelete);
  }

  private void decide(Item item, Resource resource, Tree live) {
    Owners owners = owners(live);
    if (owners.solid > 0) {
      List<String> useless = new ArrayList<>(owners.dangling);
      useless.addAll(owners.waiting);
      if (!useless.isEmpty()) {
        dropOwners(resource, live, useless);
      }
    } else if (!owners.waiting.isEmpty() && !item.dependents().isEmpty()) {
      if (item.dependentsDeleteDependents()) {
        unblock(resource, live);
      }
      delete(resource, live, "Foreground");
    } else {
      List<String> finalizers = Meta.finalizers(live);
      delete(
          resource,
          live,
          finalizers.contains(OwnerGraph.ORPHAN)
              ? "Orphan"
              : finalizers.contains(OwnerGraph.FOREGROUND) ? "Foreground" : "Background");
    }
  }

  private Owners owners(Tree live) {
    int solid = 0;
    List<String> dangling = new ArrayList<>();
    List<String> waiting = new ArrayList<>();
    for (Tree tree : Meta.ownerReferences(live)) {
      OwnerReference reference = OwnerReference.of(tree);
      Tree owner = owner(reference, Meta.namespace(live));
      if (owner == null || !Meta.uid(owner).equals(reference.uid())) {
        dangling.add(reference.uid());
      } else if (Meta.terminating(owner)
          && Meta.finalizers(owner).contains(OwnerGraph.FOREGROUND)) {
        waiting.add(reference.uid());
      } else {
        solid++;
      }
    }
    return new Owners(solid, dangling, waiting);
  }

  private @Nullable Tree owner(OwnerReference reference, String namespace) {
    Resource resource = resource(reference.apiVersion(), reference.kind());
    if (resource.namespaced() && namespace.isEmpty()) {
      throw new IllegalStateException(
          "cluster-scoped objects cannot refer to namespaced owners: " + reference);
    }
    return client.find(resource, namespace, reference.name());
  }

  private Resource resource(String apiVersion, String kind) {
    Resource resource = mapping.get().find(apiVersion, kind);
    if (resource == null) {
      throw new UnknownKind(apiVersion, kind);
    }
    return resource;
  }

  /** Takes the owner out of its dependents, then lets it go. */
  void orphan(String uid) {
    Item item = graph.read(uid, Item::of);
    if (item == null) {
      return;
    }
    for (String dependent : item.dependents()) {
      Item freed = graph.read(dependent, Item::of);
      if (freed == null) {
        continue;
      }
      Resource resource = resource(freed.apiVersion(), freed.kind());
      Tree live = client.find(resource, freed.namespace(), freed.name());
      if (live != null && Meta.uid(live).equals(dependent)) {
        dropOwners(resource, live, Set.of(uid));
      }
    }
    Resource resource = resource(item.apiVersion(), item.kind());
    Tree live = client.find(resource, item.namespace(), item.name());
    if (live != null && Meta.uid(live).equals(uid)) {
      dropFinalizer(resource, live, OwnerGraph.ORPHAN);
    }
  }

  private void delete(Resource resource, Tree live, String policy) {
    Tree options =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "DeleteOptions",
            "preconditions",
            Tree.of("uid", Meta.uid(live), "resourceVersion", Meta.resourceVersion(live)),
            "propagationPolicy",
            policy);
    ignoringAbsence(() -> client.delete(resource, Meta.namespace(live), Meta.name(live), options));
  }

  private void dropOwners(Resource resource, Tree live, Collection<String> uids) {
    TreeList kept = new TreeList();
    for (Tree reference : Meta.ownerReferences(live)) {
      if (!uids.contains(reference.textOrEmpty("uid"))) {
        kept.add(reference.copy());
      }
    }
    if (kept.size() != Meta.ownerReferences(live).size()) {
      patchMetadata(resource, live, "ownerReferences", kept);
    }
  }

  private void unblock(Resource resource, Tree live) {
    TreeList references = live.list("metadata", "ownerReferences").copy();
    references.trees().forEach(reference -> reference.put("blockOwnerDeletion", false));
    patchMetadata(resource, live, "ownerReferences", references);
  }

  private void dropFinalizer(Resource resource, Tree live, String finalizer) {
    List<String> left = new ArrayList<>(Meta.finalizers(live));
    if (left.remove(finalizer)) {
      patchMetadata(resource, live, "finalizers", new TreeList(left));
    }
  }

  private void patchMetadata(Resource resource, Tree live, String field, TreeList value) {
    Tree patch =
        Tree.of(
            "metadata",
            Tree.of(
                field,
                value,
                "uid",
                Meta.uid(live),
                "resourceVersion",
                Meta.resourceVersion(live)));
    ignoringAbsence(
        () ->
            client.patch(
                resource,
                Meta.namespace(live),
                Meta.name(live),
                null,
                PatchType.MERGE,
                patch,
                Query.none()));
  }

  private static void ignoringAbsence(Runnable request) {
    try {
      request.run();
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
  }

  /** An owner's kind is not served; perhaps it will be. */
  static final class UnknownKind extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownKind(String apiVersion, String kind) {
      super("no resource for " + apiVersion + ", Kind=" + kind);
    }
  }
}
