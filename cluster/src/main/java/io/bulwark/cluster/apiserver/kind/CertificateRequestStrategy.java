package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;

/** Certificate requests: what was asked for never changes. */
final class CertificateRequestStrategy implements Strategy {
  @Override
  public void prepareForUpdate(Tree object, Tree live) {
    object.put("spec", live.treeOrEmpty("spec").copy());
  }

  @Override
  public boolean generation() {
    return false;
  }
}
