package io.bulwark.cluster.controller.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Informer;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.pod.PodState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds, marks and removes pods by their node. */
final class NodePods {
  private static final String INDEX = "node";

  private NodePods() {}

  static Informer indexed(Informer pods) {
    pods.addIndex(
        INDEX,
        pod -> {
          String node = PodState.node(pod);
          return node.isEmpty() ? List.of() : List.of(node);
        });
    return pods;
  }

  static List<Tree> on(Informer pods, String node) {
    return pods.byIndex(INDEX, node);
  }

  /** Changes a pod's status; a pod that is gone is left alone. */
  static void patchStatus(ApiClient client, Tree pod, Tree patch) {
    try {
      client.patch(
          Resources.PODS,
          Meta.namespace(pod),
          Meta.name(pod),
          "status",
          PatchType.STRATEGIC,
          patch,
          Query.none());
    } catch (ApiException refused) {
      if (!refused.notFound() && refused.code() != 409) {
        throw refused;
      }
    }
  }

  /**
   * A status patch that says why the pod is about to be deleted.
   *
   * @param failed whether the pod also counts as failed from now on
   */
  static Tree disrupted(Tree pod, String reason, String message, boolean failed, Instant now) {
    Tree status =
        Tree.of(
            "conditions",
            TreeList.of(
                Tree.of(
                    "type",
                    "DisruptionTarget",
                    "status",
                    "True",
                    "reason",
                    reason,
                    "message",
                    message,
                    "lastTransitionTime",
                    Timestamps.seconds(now))));
    if (failed && !PodState.terminal(pod)) {
      status.put("phase", "Failed");
    }
    return Tree.of("metadata", Tree.of("uid", Meta.uid(pod)), "status", status);
  }

  /**
   * Deletes this very pod.
   *
   * @param grace in seconds; null for the pod's own
   */
  static void delete(ApiClient client, Tree pod, @Nullable Long grace) {
    Tree options =
        Tree.of(
            "apiVersion", "v1",
            "kind", "DeleteOptions",
            "preconditions", Tree.of("uid", Meta.uid(pod)));
    if (grace != null) {
      options.put("gracePeriodSeconds", grace);
    }
    try {
      client.delete(Resources.PODS, Meta.namespace(pod), Meta.name(pod), options);
    } catch (ApiException refused) {
      if (!refused.notFound() && refused.code() != 409) {
        throw refused;
      }
    }
  }
}
