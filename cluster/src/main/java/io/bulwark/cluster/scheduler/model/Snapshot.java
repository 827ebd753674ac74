package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.tree.Tree;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at one moment. Immutable.
 *
 * @param nodes all known nodes, in a stable order
 * @param namespaceLabels gives the labels of a namespace, or null
 */
public record Snapshot(List<NodeInfo> nodes, Function<String, @Nullable Tree> namespaceLabels) {
  public Snapshot {
    nodes = List.copyOf(nodes);
  }

  /** The same cluster with another state of one node. */
  public Snapshot with(NodeInfo changed) {
    NodeInfo[] copy = nodes.toArray(NodeInfo[]::new);
    for (int i = 0; i < copy.length; i++) {
      if (copy[i].name().equals(changed.name())) {
        copy[i] = changed;
      }
    }
    return new Snapshot(Arrays.asList(copy), namespaceLabels);
  }

  public @Nullable NodeInfo node(String name) {
    for (NodeInfo node : nodes) {
      if (node.name().equals(name)) {
        return node;
      }
    }
    return null;
  }
}
