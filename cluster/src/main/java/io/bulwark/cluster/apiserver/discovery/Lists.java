package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.kind.Subresource;
import io.bulwark.cluster.platform.Sha256;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The lists that every client understands: one for each group and version. */
record Lists(Kinds.Table table) {
  /**
   * @param host that the client addressed, or null
   */
  Tree coreVersions(@Nullable String host) {
    return Tree.of(
        "kind",
        "APIVersions",
        "serverAddressByClientCIDRs",
        TreeList.of(Tree.of("clientCIDR", "0.0.0.0/0", "serverAddress", host == null ? "" : host)),
        "versions",
        new TreeList(versions("")));
  }

  boolean hasGroup(String group) {
    return !group.isEmpty() && !versions(group).isEmpty();
  }

  Tree groups() {
    TreeList groups = new TreeList();
    table.versions().stream()
        .map(GroupVersion::group)
        .filter(group -> !group.isEmpty())
        .distinct()
        .forEach(group -> groups.add(entry(group)));
    return Tree.of("apiVersion", "v1", "groups", groups, "kind", "APIGroupList");
  }

  Tree group(String group) {
    Tree tree = entry(group);
    tree.put("apiVersion", "v1");
    tree.put("kind", "APIGroup");
    return tree;
  }

  private Tree entry(String group) {
    TreeList versions = new TreeList();
    for (String version : versions(group)) {
      versions.add(version(group, version));
    }
    return Tree.of(
        "name", group,
        "preferredVersion", version(group, versions(group).getFirst()),
        "versions", versions);
  }

  private static Tree version(String group, String version) {
    return Tree.of("groupVersion", group + "/" + version, "version", version);
  }

  private List<String> versions(String group) {
    return table.versions().stream()
        .filter(version -> version.group().equals(group))
        .map(GroupVersion::version)
        .toList();
  }

  Tree resources(GroupVersion version) {
    TreeList resources = new TreeList();
    for (Kind kind : sorted(table, version)) {
      resources.add(resource(kind));
      for (Subresource subresource : kind.subresources()) {
        resources.add(subresource(kind, subresource));
      }
    }
    return Tree.of(
        "apiVersion",
        "v1",
        "groupVersion",
        version.toString(),
        "kind",
        "APIResourceList",
        "resources",
        resources);
  }

  static List<Kind> sorted(Kinds.Table table, GroupVersion version) {
    return table.of(version).stream()
        .sorted(Comparator.comparing((Kind kind) -> kind.resource().resource()))
        .toList();
  }

  private static Tree resource(Kind kind) {
    Tree tree =
        Tree.of(
            "kind", kind.resource().kind(),
            "name", kind.resource().resource(),
            "namespaced", kind.resource().namespaced(),
            "singularName", kind.singular(),
            "verbs", verbs(kind.verbs()));
    if (!kind.shortNames().isEmpty()) {
      tree.put("shortNames", new TreeList(kind.shortNames()));
    }
    if (!kind.categories().isEmpty()) {
      tree.put("categories", new TreeList(kind.categories()));
    }
    if (kind.verbs().contains("list")) {
      tree.put("storageVersionHash", storageHash(kind.resource().groupVersionKind()));
    }
    return tree;
  }

  private static Tree subresource(Kind kind, Subresource subresource) {
    GroupVersionKind body = subresource.kind();
    Tree tree =
        Tree.of(
            "kind", body.kind(),
            "name", kind.resource().resource() + "/" + subresource.name(),
            "namespaced", kind.resource().namespaced(),
            "singularName", "",
            "verbs", verbs(subresource.verbs()));
    if (!body.groupVersion().equals(kind.resource().groupVersion())) {
      tree.put("group", body.group());
      tree.put("version", body.version());
    }
    return tree;
  }

  static TreeList verbs(Set<String> verbs) {
    return new TreeList(new TreeSet<>(verbs));
  }

  /** Source: StorageVersionHash of k8s.io/apiserver pkg/endpoints/discovery. */
  private static String storageHash(GroupVersionKind kind) {
    String text = kind.group() + "/" + kind.version() + "/" + kind.kind();
    return Base64.getEncoder().encodeToString(Arrays.copyOf(Sha256.of(text), 8));
  }
}
