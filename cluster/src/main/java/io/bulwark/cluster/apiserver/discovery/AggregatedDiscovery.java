package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.kind.Subresource;
import java.util.LinkedHashMap;
import java.util.Map;

/** All groups, versions and resources in one document. */
final class AggregatedDiscovery {
  private AggregatedDiscovery() {}

  static String mediaType(String version) {
    return "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
  }

  /**
   * @param version of apidiscovery.k8s.io
   * @param core whether the core group is wanted, else all others
   */
  static Tree of(Kinds.Table table, String version, boolean core) {
    Map<String, TreeList> groups = new LinkedHashMap<>();
    for (GroupVersion served : table.versions()) {
      if (served.group().isEmpty() == core) {
        groups
            .computeIfAbsent(served.group(), _ -> new TreeList())
            .add(
                Tree.of(
                    "freshness", "Current",
                    "resources", resources(table, served),
                    "version", served.version()));
      }
    }
    TreeList items = new TreeList();
    groups.forEach(
        (group, versions) -> {
          Tree metadata = Tree.of("creationTimestamp", null);
          if (!group.isEmpty()) {
            metadata.put("name", group);
          }
          items.add(Tree.of("metadata", metadata, "versions", versions));
        });
    return Tree.of(
        "apiVersion",
        "apidiscovery.k8s.io/" + version,
        "items",
        items,
        "kind",
        "APIGroupDiscoveryList",
        "metadata",
        new Tree());
  }

  private static TreeList resources(Kinds.Table table, GroupVersion version) {
    TreeList resources = new TreeList();
    for (Kind kind : Lists.sorted(table, version)) {
      Tree tree =
          Tree.of(
              "resource", kind.resource().resource(),
              "responseKind", kind(kind.resource().groupVersionKind()),
              "scope", kind.resource().namespaced() ? "Namespaced" : "Cluster",
              "singularResource", kind.singular(),
              "verbs", Lists.verbs(kind.verbs()));
      if (!kind.shortNames().isEmpty()) {
        tree.put("shortNames", new TreeList(kind.shortNames()));
      }
      if (!kind.categories().isEmpty()) {
        tree.put("categories", new TreeList(kind.categories()));
      }
      for (Subresource subresource : kind.subresources()) {
        tree.childList("subresources")
            .add(
                Tree.of(
                    "responseKind", kind(subresource.kind()),
                    "subresource", subresource.name(),
                    "verbs", Lists.verbs(subresource.verbs())));
      }
      resources.add(tree);
    }
    return resources;
  }

  static Tree kind(GroupVersionKind kind) {
    return Tree.of("group", kind.group(), "kind", kind.kind(), "version", kind.version());
  }
}
