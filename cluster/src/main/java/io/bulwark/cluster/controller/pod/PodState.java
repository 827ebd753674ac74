package io.bulwark.cluster.controller.pod;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Questions about one pod. */
public final class PodState {
  private PodState() {}

  public static String phase(Tree pod) {
    return pod.textOrEmpty("status", "phase");
  }

  public static String node(Tree pod) {
    return pod.textOrEmpty("spec", "nodeName");
  }

  /** Whether all containers ended for good. */
  public static boolean terminal(Tree pod) {
    String phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Neither ended nor being deleted. */
  public static boolean active(Tree pod) {
    return !terminal(pod) && !Meta.terminating(pod);
  }

  public static boolean ready(Tree pod) {
    return Conditions.status(pod, "Ready").equals("True");
  }

  /** Since when the pod is ready, or null. */
  public static @Nullable Instant readySince(Tree pod) {
    Tree condition = Conditions.find(pod, "Ready");
    return condition == null || !"True".equals(condition.text("status"))
        ? null
        : Timestamps.parse(condition.text("lastTransitionTime"));
  }

  /** Ready for at least so many seconds. */
  public static boolean available(Tree pod, long minReadySeconds, Instant now) {
    if (!ready(pod)) {
      return false;
    }
    if (minReadySeconds == 0) {
      return true;
    }
    Instant since = readySince(pod);
    return since != null && !since.plusSeconds(minReadySeconds).isAfter(now);
  }

  /** How long until a ready pod counts as available, or null if it is not ready or already does. */
  public static @Nullable Duration untilAvailable(Tree pod, long minReadySeconds, Instant now) {
    Instant since = readySince(pod);
    if (since == null || available(pod, minReadySeconds, now)) {
      return null;
    }
    return Duration.between(now, since.plusSeconds(minReadySeconds));
  }

  /** How long until the next active pod counts as available; null if that awaits no time. */
  public static @Nullable Duration untilNextAvailable(
      List<Tree> pods, long minReadySeconds, Instant now) {
    return minReadySeconds == 0
        ? null
        : pods.stream()
            .filter(PodState::active)
            .flatMap(pod -> Stream.ofNullable(untilAvailable(pod, minReadySeconds, now)))
            .min(Comparator.naturalOrder())
            .orElse(null);
  }

  /** The highest restart count of a regular container. */
  public static long restarts(Tree pod) {
    long most = 0;
    for (Tree status : pod.trees("status", "containerStatuses")) {
      most = Math.max(most, status.number(0, "restartCount"));
    }
    return most;
  }
}
