package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.pod.Restarts;
import java.util.List;

/** The phase of a pod from the states of its containers. */
final class PodPhase {
  private PodPhase() {}

  static String of(Tree pod, List<Tree> init, List<Tree> main, boolean over, boolean refused) {
    if (PodSpec.finished(pod)) {
      return pod.textOrEmpty("status", "phase");
    }
    if (refused) {
      return "Failed";
    }
    String phase = living(pod, init, main);
    boolean terminal = phase.equals("Succeeded") || phase.equals("Failed");
    if (!over || terminal) {
      return phase;
    }
    boolean allSucceeded =
        main.stream().allMatch(status -> exit(status) == 0)
            && init.stream().allMatch(status -> sidecar(pod, status) || exit(status) == 0);
    return allSucceeded ? "Succeeded" : "Failed";
  }

  private static String living(Tree pod, List<Tree> init, List<Tree> main) {
    boolean mainBegun = main.stream().anyMatch(status -> status.has("containerID"));
    for (Tree status : init) {
      if (sidecar(pod, status)) {
        if (!status.flag("started") && !mainBegun) {
          return "Pending";
        }
        continue;
      }
      long exit = exit(status);
      if (exit > 0 && !restarts(pod, status)) {
        return "Failed";
      }
      if (exit != 0 && !mainBegun) {
        return "Pending";
      }
    }
    int running = 0;
    int stopped = 0;
    int succeeded = 0;
    int waiting = 0;
    int restarting = 0;
    for (Tree status : main) {
      if (status.has("state", "running")) {
        running++;
      } else if (status.has("state", "terminated")) {
        stopped++;
        succeeded += exit(status) == 0 ? 1 : 0;
        restarting += restarts(pod, status) ? 1 : 0;
      } else if (status.has("lastState", "terminated")) {
        restarting++;
      } else {
        waiting++;
      }
    }
    if (waiting > 0) {
      return "Pending";
    }
    if (running > 0 || restarting > 0 || stopped == 0) {
      return "Running";
    }
    return stopped == succeeded ? "Succeeded" : "Failed";
  }

  private static boolean restarts(Tree pod, Tree status) {
    Tree container = PodSpec.container(pod, status.textOrEmpty("name"));
    return container != null && Restarts.due(pod, container, (int) exit(status));
  }

  private static boolean sidecar(Tree pod, Tree status) {
    Tree container = PodSpec.container(pod, status.textOrEmpty("name"));
    return container != null && PodSpec.sidecar(container);
  }

  /** The exit code, or -1 where the container has not ended. */
  private static long exit(Tree status) {
    return status.has("state", "terminated")
        ? status.number(0, "state", "terminated", "exitCode")
        : -1;
  }
}
