package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.stream.Collectors;

/** What bounds a namespace: the limit ranges and quotas of the core group. */
final class LimitRows {
  private final Ages ages;

  LimitRows(Ages ages) {
    this.ages = ages;
  }

  Kind limitRanges() {
    return Row.of(Resources.LIMIT_RANGES)
        .shortNames("limits")
        .columns(Columns.name(), Columns.created())
        .strategy(SpeclessStrategy.CREATE_ON_UPDATE)
        .kind();
  }

  Kind quotas() {
    return Row.of(Resources.RESOURCE_QUOTAS)
        .shortNames("quota")
        .status()
        .columns(
            Columns.name(),
            Columns.text(
                "Request",
                "Request represents a minimum amount of cpu/memory that a container may consume.",
                quota -> used(quota, false)),
            Columns.text(
                "Limit",
                "Limits control the maximum amount of cpu/memory that a container may use"
                    + " independent of contention on the node.",
                quota -> used(quota, true)),
            ages.column())
        .strategy(new SpeclessStrategy(true, false, true))
        .kind();
  }

  List<Kind> rows() {
    return List.of(limitRanges(), quotas());
  }

  private static String used(Tree quota, boolean limits) {
    Tree used = quota.treeOrEmpty("status", "used");
    return quota.treeOrEmpty("status", "hard").entrySet().stream()
        .filter(bound -> bound.getKey().startsWith("limits.") == limits)
        .map(
            bound ->
                bound.getKey()
                    + ": "
                    + (used.has(bound.getKey()) ? used.get(bound.getKey()) : "0")
                    + "/"
                    + bound.getValue())
        .collect(Collectors.joining(", "));
  }
}
