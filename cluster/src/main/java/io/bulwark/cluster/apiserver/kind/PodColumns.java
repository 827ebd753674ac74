package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a table shows a pod.
 *
 * <p>Source: what {@code kubectl get pods} prints for each state; pkg/printers/internalversion.
 */
final class PodColumns {
  private final Ages ages;

  PodColumns(Ages ages) {
    this.ages = ages;
  }

  Column[] columns() {
    return new Column[] {
      Columns.name(),
      Columns.text(
          "Ready",
          "The aggregate readiness state of this pod for accepting traffic.",
          pod -> Seen.of(pod).readyText()),
      Columns.text(
          "Status",
          "The aggregate status of the containers in this pod.",
          pod -> Seen.of(pod).reason),
      Columns.text(
          "Restarts",
          "The number of times the containers in this pod have been restarted and when the last"
              + " container in this pod has restarted.",
          this::restarts),
      ages.column(),
      Columns.wide("IP", "The pod's address.", PodColumns::address),
      Columns.wide(
          "Node",
          "The node that the pod is bound to.",
          pod -> Columns.orNone(pod.text("spec", "nodeName"))),
      Columns.wide(
          "Nominated Node",
          "The node that is being freed for the pod.",
          pod -> Columns.orNone(pod.text("status", "nominatedNodeName"))),
      Columns.wide(
          "Readiness Gates",
          "Conditions of others that readiness waits for.",
          PodColumns::readinessGates)
    };
  }

  private String restarts(Tree pod) {
    Seen seen = Seen.of(pod);
    Instant last = seen.lastRestart;
    return seen.restarts == 0 || last == null
        ? Long.toString(seen.restarts)
        : seen.restarts + " (" + ages.since(last.toString()) + " ago)";
  }

  private static String address(Tree pod) {
    List<Tree> addresses = pod.trees("status", "podIPs");
    return Columns.orNone(
        addresses.isEmpty() ? pod.text("status", "podIP") : addresses.getFirst().text("ip"));
  }

  private static String readinessGates(Tree pod) {
    List<Tree> gates = pod.trees("spec", "readinessGates");
    if (gates.isEmpty()) {
      return Columns.NONE;
    }
    long met =
        gates.stream().filter(gate -> condition(pod, gate.textOrEmpty("conditionType"))).count();
    return met + "/" + gates.size();
  }

  private static boolean condition(Tree pod, String type) {
    return pod.trees("status", "conditions").stream()
        .anyMatch(
            condition ->
                condition.textOrEmpty("type").equals(type)
                    && condition.textOrEmpty("status").equals("True"));
  }

  /** One pass over the container states. */
  private static final class Seen {
    private String reason;
    private long restarts;
    private long sidecarRestarts;
    private @Nullable Instant lastRestart;
    private @Nullable Instant lastSidecarRestart;
    private int ready;
    private int total;

    private Seen(Tree pod) {
      reason = pod.textOrEmpty("status", "phase");
      total = pod.trees("spec", "containers").size();
    }

    static Seen of(Tree pod) {
      Seen seen = new Seen(pod);
      String stated = pod.textOrEmpty("status", "reason");
      if (!stated.isEmpty()) {
        seen.reason = stated;
      }
      for (Tree condition : pod.trees("status", "conditions")) {
        if (condition.textOrEmpty("type").equals("PodScheduled")
            && condition.textOrEmpty("reason").equals("SchedulingGated")) {
          seen.reason = "SchedulingGated";
        }
      }
      boolean initializing = seen.initContainers(pod);
      if (!initializing || condition(pod, "Initialized")) {
        seen.containers(pod);
      }
      seen.deletion(pod, stated);
      return seen;
    }

    String readyText() {
      return ready + "/" + total;
    }

    private boolean initContainers(Tree pod) {
      Map<String, Boolean> sidecars = new HashMap<>();
      for (Tree container : pod.trees("spec", "initContainers")) {
        boolean sidecar = container.textOrEmpty("restartPolicy").equals("Always");
        sidecars.put(container.textOrEmpty("name"), sidecar);
        total += sidecar ? 1 : 0;
      }
      int position = -1;
      for (Tree status : pod.trees("status", "initContainerStatuses")) {
        position++;
        restarts += status.number(0, "restartCount");
        lastRestart = later(lastRestart, lastFinish(status));
        boolean sidecar = sidecars.getOrDefault(status.textOrEmpty("name"), false);
        if (sidecar) {
          sidecarRestarts += status.number(0, "restartCount");
          lastSidecarRestart = later(lastSidecarRestart, lastFinish(status));
        }
        Tree ended = status.tree("state", "terminated");
        if (ended != null && ended.number(0, "exitCode") == 0) {
          continue;
        }
        if (sidecar && status.flag("started")) {
          ready += status.flag("ready") ? 1 : 0;
          continue;
        }
        String waiting = status.textOrEmpty("state", "waiting", "reason");
        if (ended != null) {
          reason = "Init:" + ending(ended);
        } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
          reason = "Init:" + waiting;
        } else {
          reason = "Init:" + position + "/" + pod.trees("spec", "initContainers").size();
        }
        return true;
      }
      return false;
    }

    private void containers(Tree pod) {
      restarts = sidecarRestarts;
      lastRestart = lastSidecarRestart;
      boolean running = false;
      for (Tree status : pod.trees("status", "containerStatuses").reversed()) {
        restarts += status.number(0, "restartCount");
        lastRestart = later(lastRestart, lastFinish(status));
        String waiting = status.textOrEmpty("state", "waiting", "reason");
        Tree ended = status.tree("state", "terminated");
        if (!waiting.isEmpty()) {
          reason = waiting;
        } else if (ended != null) {
          reason = ending(ended);
        } else if (status.flag("ready") && status.tree("state", "running") != null) {
          running = true;
          ready++;
        }
      }
      if (reason.equals("Completed") && running) {
        reason = condition(pod, "Ready") ? "Running" : "NotReady";
      }
    }

    private void deletion(Tree pod, String stated) {
      if (pod.text("metadata", "deletionTimestamp") == null) {
        return;
      }
      String phase = pod.textOrEmpty("status", "phase");
      if (stated.equals("NodeLost")) {
        reason = "Unknown";
      } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
        reason = "Terminating";
      }
    }

    private static String ending(Tree ended) {
      String stated = ended.textOrEmpty("reason");
      if (!stated.isEmpty()) {
        return stated;
      }
      long signal = ended.number(0, "signal");
      return signal == 0 ? "ExitCode:" + ended.number(0, "exitCode") : "Signal:" + signal;
    }

    private static @Nullable Instant lastFinish(Tree status) {
      return Ages.parse(status.text("lastState", "terminated", "finishedAt"));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
      return one == null || (other != null && other.isAfter(one)) ? other : one;
    }
  }
}
