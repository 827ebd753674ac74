package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;

/** Nodes: their status may come with their creation, for an agent that registers itself. */
final class NodeStrategy implements Strategy {
  @Override
  public boolean statusOnCreate() {
    return true;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public void prepareForUpdate(Tree object, Tree live) {}
}
