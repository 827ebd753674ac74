package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;

/** Secrets: an update without a type keeps the one that stands. */
final class SecretStrategy implements Strategy {
  @Override
  public void prepareForUpdate(Tree object, Tree live) {
    if (object.textOrEmpty("type").isEmpty()) {
      object.put("type", live.textOrEmpty("type"));
    }
  }

  @Override
  public boolean generation() {
    return false;
  }
}
