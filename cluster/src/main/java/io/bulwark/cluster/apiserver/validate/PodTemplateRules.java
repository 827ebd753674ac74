package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;

/** Pod templates, by themselves and in what makes pods of them. */
final class PodTemplateRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    template(object.treeOrEmpty("template"), "template", checks);
  }

  static void template(Tree template, String path, Checks checks) {
    MetadataRules.labels(
        template.treeOrEmpty("metadata", "labels"), path + ".metadata.labels", checks);
    MetadataRules.annotations(
        template.treeOrEmpty("metadata", "annotations"), path + ".metadata.annotations", checks);
    PodSpecRules.check(template.treeOrEmpty("spec"), path + ".spec", checks);
    if (!template.list("spec", "ephemeralContainers").isEmpty()) {
      checks.forbidden(
          path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
    }
  }
}
