package io.bulwark.cluster.controller.image;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.image.policy.Judgement;
import io.bulwark.cluster.image.policy.KnownImage;
import io.bulwark.cluster.image.policy.PodImages;
import io.bulwark.cluster.image.policy.PolicyRules;
import io.bulwark.cluster.image.policy.ReportName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes into policies what they cover and who breaks them. Thread-safe. */
final class PolicyStatus {
  private static final int MOST_VIOLATIONS = 100;

  private final ControllerContext context;
  private final Informer pods;
  private final Informer reports;
  private final Informer namespaces;

  PolicyStatus(ControllerContext context) {
    this.context = context;
    this.pods = context.informers().of(Resources.PODS);
    this.reports = context.informers().of(Resources.VULNERABILITY_REPORTS);
    this.namespaces = context.informers().of(Resources.NAMESPACES);
  }

  /** Looks at every policy; each is written only if something changed. */
  void update() {
    update(Resources.CLUSTER_IMAGE_POLICIES);
    update(Resources.IMAGE_POLICIES);
  }

  private void update(Resource resource) {
    for (Tree policy : context.informers().of(resource).list()) {
      Tree before = policy.treeOrEmpty("status");
      Tree status = status(policy, before);
      if (!status.equals(before)) {
        Tree changed = policy.copy();
        changed.put("status", status);
        context.client().updateStatus(resource, changed);
      }
    }
  }

  private Tree status(Tree policy, Tree before) {
    PolicyRules rules = PolicyRules.of(policy);
    long covered = 0;
    TreeList violations = new TreeList();
    boolean known = true;
    for (Tree pod : covered(policy, rules)) {
      List<String> images = PodImages.of(pod).stream().filter(rules::concerns).toList();
      if (!PodImages.live(pod) || images.isEmpty()) {
        continue;
      }
      covered++;
      for (String image : images) {
        KnownImage report = known(Meta.namespace(pod), image);
        known &= report != null;
        List<String> broken = Judgement.violations(rules, image, report, context.clock().instant());
        if (!broken.isEmpty() && violations.size() < MOST_VIOLATIONS) {
          violations.add(
              Tree.of(
                  "namespace", Meta.namespace(pod),
                  "pod", Meta.name(pod),
                  "image", image,
                  "message", String.join("; ", broken)));
        }
      }
    }
    Tree status = before.copy();
    status.put("observedGeneration", Meta.generation(policy));
    status.put("pods", covered);
    status.put("violations", violations);
    TreeList conditions = status.childList("conditions");
    Conditions.set(
        conditions,
        "Ready",
        known ? "True" : "False",
        known ? "ImagesKnown" : "ImagesUnknown",
        known ? "" : "some images are still being looked into",
        context.clock().instant());
    return status;
  }

  private List<Tree> covered(Tree policy, PolicyRules rules) {
    String namespace = Meta.namespace(policy);
    if (!namespace.isEmpty()) {
      return pods.list(namespace);
    }
    List<Tree> found = new ArrayList<>();
    for (Tree each : namespaces.list()) {
      if (rules.covers(each.tree("metadata", "labels"))) {
        found.addAll(pods.list(Meta.name(each)));
      }
    }
    return found;
  }

  private @Nullable KnownImage known(String namespace, String reference) {
    Tree report = reports.get(namespace, ReportName.of(reference));
    return report == null ? null : KnownImage.of(report);
  }
}
