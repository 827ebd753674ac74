package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;

/**
 * Who owns the replicas, told in terms of a workload and of its Scale. Each workload here keeps its
 * replicas in {@code spec.replicas}, as a Scale does.
 *
 * <p>Source: k8s.io/apimachinery pkg/util/managedfields, the handler of scales.
 */
final class ScaleOwners {
  private static final String SPEC = "f:spec";
  private static final String REPLICAS = "f:replicas";

  private ScaleOwners() {}

  /** The managed fields of a Scale: of each owner of the replicas, nothing but them. */
  static TreeList ofScale(Tree workload) {
    TreeList entries = new TreeList();
    for (Tree entry : workload.trees("metadata", "managedFields")) {
      if (entry.has("fieldsV1", SPEC, REPLICAS)) {
        Tree own = entry.copy();
        own.put("apiVersion", "autoscaling/v1");
        own.put("fieldsV1", replicas());
        entries.add(own);
      }
    }
    return entries;
  }

  /** The managed fields of a workload once its Scale has others. */
  static TreeList ofWorkload(Tree workload, List<Tree> scale) {
    String version = workload.textOrEmpty("apiVersion");
    TreeList entries = new TreeList();
    List<Tree> left = new java.util.ArrayList<>(scale);
    for (Tree before : workload.trees("metadata", "managedFields")) {
      Tree entry = before.copy();
      Tree owned =
          left.stream().filter(candidate -> sameOwner(candidate, before)).findFirst().orElse(null);
      if (owned != null) {
        left.remove(owned);
        take(entry, owned);
      } else if (before.has("fieldsV1", SPEC, REPLICAS)) {
        entry.drop("fieldsV1", SPEC, REPLICAS);
        if (entry.treeOrEmpty("fieldsV1", SPEC).isEmpty()) {
          entry.drop("fieldsV1", SPEC);
        }
      }
      if (!entry.treeOrEmpty("fieldsV1").isEmpty()) {
        entries.add(entry);
      }
    }
    for (Tree fresh : left) {
      Tree entry = fresh.copy();
      entry.put("apiVersion", version);
      entries.add(entry);
    }
    return entries;
  }

  private static void take(Tree entry, Tree owned) {
    entry.child("fieldsV1", SPEC).put(REPLICAS, new Tree());
    if (owned.containsKey("time")) {
      entry.put("time", owned.get("time"));
    }
  }

  private static boolean sameOwner(Tree scale, Tree workload) {
    return same(scale, workload, "manager")
        && same(scale, workload, "operation")
        && same(scale, workload, "subresource");
  }

  private static boolean same(Tree one, Tree other, String field) {
    return one.textOrEmpty(field).equals(other.textOrEmpty(field));
  }

  private static Tree replicas() {
    return Tree.of(SPEC, Tree.of(REPLICAS, new Tree()));
  }
}
