package io.bulwark.cluster.controller.namespace;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** Says in a namespace's status how its deletion gets on. */
final class DeletionConditions {
  private DeletionConditions() {}

  static Tree update(Tree status, Contents.Remains remains, Instant now) {
    Tree updated = status.copy();
    TreeList conditions = updated.childList("conditions");
    String discovery = remains.discoveryFailure();
    put(
        conditions,
        "NamespaceDeletionDiscoveryFailure",
        discovery != null,
        discovery != null ? "DiscoveryFailed" : "ResourcesDiscovered",
        discovery != null
            ? "Discovery failed for some groups: " + discovery
            : "All resources successfully discovered",
        now);
    put(
        conditions,
        "NamespaceDeletionGroupVersionParsingFailure",
        false,
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
        now);
    boolean failed = !remains.failures().isEmpty();
    put(
        conditions,
        "NamespaceDeletionContentFailure",
        failed,
        failed ? "ContentDeletionFailed" : "ContentDeleted",
        failed
            ? "Failed to delete all resource types, "
                + remains.failures().size()
                + " remaining: "
                + String.join(", ", remains.failures())
            : "All content successfully deleted, may be waiting on finalization",
        now);
    boolean left = !remains.resources().isEmpty();
    put(
        conditions,
        "NamespaceContentRemaining",
        left,
        left ? "SomeResourcesRemain" : "ContentRemoved",
        left
            ? "Some resources are remaining: "
                + counted(remains.resources(), " has ", " resource instances")
            : "All content successfully removed",
        now);
    boolean held = !remains.finalizers().isEmpty();
    put(
        conditions,
        "NamespaceFinalizersRemaining",
        held,
        held ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
        held
            ? "Some content in the namespace has finalizers remaining: "
                + counted(remains.finalizers(), " in ", " resource instances")
            : "All content-preserving finalizers finished",
        now);
    return updated;
  }

  private static String counted(Map<String, Integer> counts, String between, String after) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + between + entry.getValue() + after)
        .collect(Collectors.joining(", "));
  }

  private static void put(
      TreeList conditions, String type, boolean on, String reason, String message, Instant now) {
    Conditions.set(conditions, type, on ? "True" : "False", reason, message, now);
  }
}
