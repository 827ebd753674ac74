package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.Objects;

/**
 * Kinds that keep pods running.
 *
 * @param countsAnnotations whether changed annotations make a new generation too
 * @param orphansDependents whether deletion without a policy leaves the pods behind
 */
record WorkloadStrategy(boolean countsAnnotations, boolean orphansDependents) implements Strategy {
  @Override
  public boolean changesGeneration(Tree object, Tree live) {
    return Strategy.super.changesGeneration(object, live)
        || (countsAnnotations
            && !Objects.equals(
                object.treeOrEmpty("metadata", "annotations"),
                live.treeOrEmpty("metadata", "annotations")));
  }
}
