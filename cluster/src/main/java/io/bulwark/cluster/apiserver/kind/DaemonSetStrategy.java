package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;

/**
 * DaemonSets count the changes of their template in an annotation.
 *
 * <p>Source: kubernetes pkg/registry/apps/daemonset.
 */
final class DaemonSetStrategy implements Strategy {
  private static final String GENERATION = "deprecated.daemonset.template.generation";

  @Override
  public void prepareForCreate(Tree object) {
    object.set("1", "metadata", "annotations", GENERATION);
  }

  @Override
  public void prepareForUpdate(Tree object, Tree live) {
    String before = Meta.annotation(live, GENERATION);
    long count;
    try {
      count = before == null ? 0 : Long.parseLong(before);
    } catch (NumberFormatException malformed) {
      count = 0;
    }
    boolean same =
        object.treeOrEmpty("spec", "template").equals(live.treeOrEmpty("spec", "template"));
    object.set(Long.toString(same ? count : count + 1), "metadata", "annotations", GENERATION);
  }
}
