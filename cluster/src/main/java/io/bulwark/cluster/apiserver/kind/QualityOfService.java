package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * The quality-of-service class of a pod: Guaranteed when every container's limits for processor and
 * memory equal its requests, BestEffort when nothing is asked for, Burstable otherwise.
 */
public final class QualityOfService {
  private static final List<String> COUNTED = List.of("cpu", "memory");

  private QualityOfService() {}

  /** The class that the resources of a pod put it into. */
  public static String of(Tree pod) {
    List<Tree> resources = new ArrayList<>();
    if (pod.tree("spec", "resources") instanceof Tree whole && !whole.isEmpty()) {
      resources.add(whole);
    } else {
      pod.trees("spec", "containers").forEach(c -> resources.add(c.treeOrEmpty("resources")));
      pod.trees("spec", "initContainers").forEach(c -> resources.add(c.treeOrEmpty("resources")));
    }
    boolean any = false;
    boolean guaranteed = !resources.isEmpty();
    for (Tree one : resources) {
      for (String name : COUNTED) {
        Object limit = positive(one.at("limits", name));
        Object request = positive(one.at("requests", name));
        any |= limit != null || request != null;
        guaranteed &= limit != null && (request == null || request.equals(limit));
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }

  private static @org.jspecify.annotations.Nullable Object positive(
      @org.jspecify.annotations.Nullable Object quantity) {
    return quantity == null || quantity.equals("0") || quantity.equals(0L)
        ? null
        : quantity.toString();
  }
}
