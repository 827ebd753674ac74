package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;

/**
 * Jobs: unless their maker chose the selector, they select by their own uid.
 *
 * <p>Source: kubernetes pkg/registry/batch/job.
 */
final class JobStrategy implements Strategy {
  private static final String PREFIX = "batch.kubernetes.io/";
  private static final String UID = "controller-uid";
  private static final String NAME = "job-name";

  @Override
  public void prepareForCreate(Tree object) {
    Tree spec = object.child("spec");
    if (spec.flag("manualSelector")) {
      return;
    }
    Tree labels = spec.child("template", "metadata", "labels");
    for (String prefix : new String[] {"", PREFIX}) {
      labels.put(prefix + UID, Meta.uid(object));
      labels.put(prefix + NAME, Meta.name(object));
    }
    spec.child("selector", "matchLabels").put(PREFIX + UID, Meta.uid(object));
  }

  @Override
  public boolean orphansDependents() {
    return true;
  }
}
