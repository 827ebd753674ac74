package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What to create, change and delete so that slices hold the wanted endpoints. Endpoints stay where
 * they are if they can, so that few slices change.
 */
final class SlicePlan {
  /** Upstream's default for the most endpoints in one slice. */
  static final int CAPACITY = 100;

  final List<Tree> create = new ArrayList<>();
  final List<Tree> update = new ArrayList<>();
  final List<Tree> delete = new ArrayList<>();

  private SlicePlan() {}

  /**
   * Plans.
   *
   * @param existing slices of one owner
   * @param template a new slice without address type, ports and endpoints; labels and annotations
   *     of existing slices are brought to its own
   */
  static SlicePlan of(Collection<Tree> existing, Collection<SliceGroup> wanted, Tree template) {
    SlicePlan plan = new SlicePlan();
    Map<SliceGroup.Key, List<Tree>> slices = new HashMap<>();
    for (Tree slice : existing) {
      slices.computeIfAbsent(SliceGroup.Key.of(slice), none -> new ArrayList<>()).add(slice);
    }
    for (SliceGroup group : wanted) {
      List<Tree> present = slices.remove(group.key());
      plan.group(group, present == null ? List.of() : present, template);
    }
    slices.values().forEach(plan.delete::addAll);
    return plan;
  }

  private void group(SliceGroup group, List<Tree> present, Tree template) {
    Map<String, Tree> missing = new LinkedHashMap<>(group.endpoints());
    List<TreeList> kept = new ArrayList<>();
    for (Tree slice : present) {
      TreeList stays = new TreeList();
      for (Tree endpoint : slice.trees("endpoints")) {
        Tree now = missing.remove(SliceGroup.identity(endpoint));
        if (now != null) {
          stays.add(now);
        }
      }
      kept.add(stays);
    }
    List<Tree> rest = new ArrayList<>(missing.values());
    for (TreeList stays : kept) {
      while (!rest.isEmpty() && stays.size() < CAPACITY) {
        stays.add(rest.removeFirst());
      }
    }
    boolean placeholder = group.endpoints().isEmpty();
    for (int i = 0; i < present.size(); i++) {
      if (kept.get(i).isEmpty() && !(placeholder && i == 0)) {
        delete.add(present.get(i));
      } else {
        change(present.get(i), kept.get(i), template);
      }
    }
    if (present.isEmpty() && placeholder) {
      create.add(slice(group, new TreeList(), template));
    }
    while (!rest.isEmpty()) {
      int size = Math.min(CAPACITY, rest.size());
      create.add(slice(group, new TreeList(rest.subList(0, size)), template));
      rest = new ArrayList<>(rest.subList(size, rest.size()));
    }
  }

  private void change(Tree slice, TreeList endpoints, Tree template) {
    Object labels = template.at("metadata", "labels");
    boolean same =
        slice.list("endpoints").equals(endpoints)
            && Objects.equals(slice.at("metadata", "labels"), labels);
    if (same) {
      return;
    }
    Tree changed = slice.copy();
    changed.put("endpoints", endpoints.copy());
    Tree metadata = template.treeOrEmpty("metadata");
    changed.set(metadata.treeOrEmpty("labels").copy(), "metadata", "labels");
    if (metadata.treeOrEmpty("annotations").isEmpty()) {
      changed.drop("metadata", "annotations", ServicePods.TRIGGER_TIME);
    } else {
      metadata
          .treeOrEmpty("annotations")
          .forEach((key, value) -> changed.set(value, "metadata", "annotations", key));
    }
    update.add(changed);
  }

  private static Tree slice(SliceGroup group, TreeList endpoints, Tree template) {
    Tree slice = template.copy();
    slice.put("addressType", group.key().addressType());
    slice.put("ports", group.key().ports().copy());
    slice.put("endpoints", endpoints.copy());
    return slice;
  }
}
