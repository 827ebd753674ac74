package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;

/** Namespaces: active with the {@code kubernetes} finalizer, and a label that repeats the name. */
final class NamespaceStrategy implements Strategy {
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  @Override
  public void prepareForCreate(Tree object) {
    object.put("status", Tree.of("phase", "Active"));
    TreeList finalizers = object.childList("spec", "finalizers");
    if (!finalizers.contains("kubernetes")) {
      finalizers.add("kubernetes");
    }
    label(object);
  }

  @Override
  public void prepareForUpdate(Tree object, Tree live) {
    object.child("spec").put("finalizers", live.list("spec", "finalizers").copy());
    label(object);
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public boolean held(Tree object) {
    return !object.texts("spec", "finalizers").isEmpty();
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }

  private static void label(Tree object) {
    if (!Meta.name(object).isEmpty()) {
      object.set(Meta.name(object), "metadata", "labels", NAME_LABEL);
    }
  }
}
