package io.bulwark.cluster.controller.image;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.image.policy.PolicyRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The image policies of the cluster, from caches. Thread-safe. */
final class Policies {
  private final Informer clusterWide;
  private final Informer namespaced;
  private final Informer namespaces;

  Policies(Informers informers) {
    clusterWide = informers.of(Resources.CLUSTER_IMAGE_POLICIES);
    namespaced = informers.of(Resources.IMAGE_POLICIES);
    namespaces = informers.of(Resources.NAMESPACES);
  }

  boolean awaitSynced(Duration limit) throws InterruptedException {
    return Informers.awaitSynced(List.of(clusterWide, namespaced, namespaces), limit);
  }

  /**
   * @param changed gets the namespace whose policies may have changed; empty for all
   */
  void onChange(Consumer<String> changed) {
    clusterWide.onChange(
        (before, after) -> {
          if (differ(before, after)) {
            changed.accept("");
          }
        });
    namespaced.onChange(
        (before, after) -> {
          Tree policy = after == null ? before : after;
          if (policy != null && differ(before, after)) {
            changed.accept(policy.textOrEmpty("metadata", "namespace"));
          }
        });
    namespaces.onChange(
        (before, after) -> {
          if (before != null
              && after != null
              && !before
                  .treeOrEmpty("metadata", "labels")
                  .equals(after.treeOrEmpty("metadata", "labels"))) {
            changed.accept(after.textOrEmpty("metadata", "name"));
          }
        });
  }

  /** All that cover a namespace. */
  List<PolicyRules> of(String namespace) {
    Tree object = namespaces.get(null, namespace);
    Tree labels = object == null ? null : object.tree("metadata", "labels");
    List<PolicyRules> found = new ArrayList<>();
    for (Tree policy : clusterWide.list()) {
      PolicyRules rules = PolicyRules.of(policy);
      if (rules.covers(labels)) {
        found.add(rules);
      }
    }
    namespaced.list(namespace).forEach(policy -> found.add(PolicyRules.of(policy)));
    return found;
  }

  /** Whether a policy of a namespace can only be kept when an image is known. */
  boolean needKnowledge(String namespace, String reference) {
    return of(namespace).stream().anyMatch(p -> p.needsKnowledge() && p.concerns(reference));
  }

  /** The signatures that policies ask of an image, each once. */
  List<PolicyRules.Signature> signatures(String namespace, String reference) {
    Map<String, PolicyRules.Signature> found = new LinkedHashMap<>();
    for (PolicyRules rules : of(namespace)) {
      if (rules.concerns(reference)) {
        rules.signatures().forEach(s -> found.put(s.fingerprint(), s));
      }
    }
    return List.copyOf(found.values());
  }

  private static boolean differ(@Nullable Tree before, @Nullable Tree after) {
    return before == null
        || after == null
        || !before.treeOrEmpty("spec").equals(after.treeOrEmpty("spec"));
  }
}
