package io.bulwark.cluster.node.server;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Whether a container has a log, judged by its status. */
final class LogState {
  private static final String[][] SPECS = {
    {"spec", "containers"}, {"spec", "initContainers"}, {"spec", "ephemeralContainers"}
  };
  private static final String[][] STATUSES = {
    {"status", "containerStatuses"},
    {"status", "initContainerStatuses"},
    {"status", "ephemeralContainerStatuses"}
  };

  private LogState() {}

  static boolean hasContainer(Tree pod, String container) {
    return named(pod, SPECS, container) != null;
  }

  private static @Nullable Tree named(Tree pod, String[][] lists, String container) {
    for (String[] list : lists) {
      for (Tree each : pod.trees(list)) {
        if (each.textOrEmpty("name").equals(container)) {
          return each;
        }
      }
    }
    return null;
  }

  /**
   * Why there is no log, in the kubelet's words; null if there is one.
   *
   * <p>Source: the answers that {@code kubectl logs} shows for containers that have not started.
   */
  static @Nullable String refusal(Tree pod, String container, boolean previous) {
    String where =
        "container \"" + container + "\" in pod \"" + pod.textOrEmpty("metadata", "name") + "\"";
    Tree status = named(pod, STATUSES, container);
    if (status == null) {
      return where + " is not available";
    }
    Tree last = status.treeOrEmpty("lastState", "terminated");
    boolean ended = !last.textOrEmpty("containerID").isEmpty();
    if (previous) {
      return ended ? null : "previous terminated " + where + " not found";
    }
    Tree state = status.treeOrEmpty("state");
    boolean started =
        state.has("running")
            || !state.treeOrEmpty("terminated").textOrEmpty("containerID").isEmpty();
    if (started || ended) {
      return null;
    }
    if (state.has("terminated")) {
      return where + " is terminated";
    }
    Tree waiting = state.tree("waiting");
    if (waiting == null) {
      return where + " is not available";
    }
    String reason = waiting.textOrEmpty("reason");
    return where
        + " is waiting to start: "
        + switch (reason) {
          case "ErrImagePull" -> "image can't be pulled";
          case "ImagePullBackOff" -> "trying and failing to pull image";
          default -> reason;
        };
  }
}
