package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;

/**
 * What eviction leaves on a pod.
 *
 * <p>Source: kubernetes pkg/registry/core/pod/storage/eviction.go.
 */
final class Evictions {
  private static final String TYPE = "DisruptionTarget";

  private Evictions() {}

  /** The pod with the condition that tells why it ends. */
  static Tree marked(Tree pod, String now) {
    Tree next = pod.copy();
    Tree condition =
        Tree.of(
            "type",
            TYPE,
            "status",
            "True",
            "reason",
            "EvictionByEvictionAPI",
            "message",
            "Eviction API: evicting",
            "observedGeneration",
            Meta.generation(pod),
            "lastProbeTime",
            null,
            "lastTransitionTime",
            now);
    for (Tree present : next.trees("status", "conditions")) {
      if (present.textOrEmpty("type").equals(TYPE)) {
        if (present.textOrEmpty("status").equals("True")) {
          condition.put("lastTransitionTime", present.get("lastTransitionTime"));
        }
        condition.forEach(present::put);
        return next;
      }
    }
    next.childList("status", "conditions").add(condition);
    return next;
  }
}
