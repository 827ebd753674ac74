package io.bulwark.cluster.controller.stateful;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.controller.revision.Revisions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One look at a StatefulSet: the next pods to make and to delete, in the order that the set asks
 * for, and its status.
 *
 * <p>Source: kubernetes pkg/controller/statefulset/stateful_set_control.go.
 */
final class StatefulPass {
  private final Tree set;
  private final String current;
  private final String update;
  private final Instant now;
  private final long start;
  private final long end;
  private final long minReady;
  private final Map<Long, Tree> replicas = new TreeMap<>();
  private final List<Tree> condemned = new ArrayList<>();
  final List<Long> wanted = new ArrayList<>();
  final List<Tree> doomed = new ArrayList<>();

  /** Ended pods, to be deleted so that they can be made again. */
  final List<Tree> ended = new ArrayList<>();

  /**
   * @param current name of the revision that pods had before the update
   * @param update name of the revision of the set's template
   */
  StatefulPass(Tree set, List<Tree> pods, String current, String update, Instant now) {
    this.set = set;
    this.current = current;
    this.update = update;
    this.now = now;
    start = set.number(0, "spec", "ordinals", "start");
    end = start + set.number(1, "spec", "replicas");
    minReady = set.number(0, "spec", "minReadySeconds");
    for (Tree pod : pods) {
      long ordinal = Ordinals.of(set, pod);
      if (ordinal >= start && ordinal < end) {
        replicas.put(ordinal, pod);
      } else if (ordinal >= 0) {
        condemned.add(pod);
      }
    }
    condemned.sort(Comparator.<Tree>comparingLong(pod -> Ordinals.of(set, pod)).reversed());
  }

  private boolean burst() {
    return set.textOrEmpty("spec", "podManagementPolicy").equals("Parallel");
  }

  private boolean healthy(Tree pod) {
    return running(pod) && !Meta.terminating(pod);
  }

  private static boolean running(Tree pod) {
    return PodState.phase(pod).equals("Running") && PodState.ready(pod);
  }

  private boolean available(Tree pod) {
    return running(pod) && PodState.available(pod, minReady, now);
  }

  private boolean rolling() {
    return set.textOrEmpty("spec", "updateStrategy", "type").equals("RollingUpdate");
  }

  private long partition() {
    return start + set.number(0, "spec", "updateStrategy", "rollingUpdate", "partition");
  }

  /** Whether a pod of this number is made of the revision before the update. */
  boolean ofCurrent(long ordinal) {
    return rolling() && ordinal < partition();
  }

  void plan() {
    if (!fill()) {
      return;
    }
    if (!shrink()) {
      return;
    }
    if (rolling()) {
      replace();
    }
  }

  /** Pods that are missing; false where everything else must wait. */
  private boolean fill() {
    for (long ordinal = start; ordinal < end; ordinal++) {
      Tree pod = replicas.get(ordinal);
      if (pod == null) {
        wanted.add(ordinal);
      } else if (PodState.terminal(pod)) {
        if (!Meta.terminating(pod)) {
          ended.add(pod);
        }
      } else if (available(pod) && !Meta.terminating(pod)) {
        continue;
      }
      if (!burst()) {
        return false;
      }
    }
    return true;
  }

  private boolean shrink() {
    Tree unhealthy = firstUnhealthy();
    for (Tree pod : condemned) {
      if (Meta.terminating(pod)) {
        if (!burst()) {
          return false;
        }
        continue;
      }
      if (!burst() && !running(pod) && pod != unhealthy) {
        return false;
      }
      doomed.add(pod);
      if (!burst()) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Tree firstUnhealthy() {
    for (Tree pod : replicas.values()) {
      if (!healthy(pod)) {
        return pod;
      }
    }
    for (Tree pod : condemned.reversed()) {
      if (!healthy(pod)) {
        return pod;
      }
    }
    return null;
  }

  /** From the last pod to the first of the partition, one at a time. */
  private void replace() {
    for (long ordinal = end - 1; ordinal >= partition(); ordinal--) {
      Tree pod = replicas.get(ordinal);
      if (pod == null) {
        return;
      }
      if (!revision(pod).equals(update) && !Meta.terminating(pod)) {
        doomed.add(pod);
        return;
      }
      if (!available(pod) || Meta.terminating(pod)) {
        return;
      }
    }
  }

  private static String revision(Tree pod) {
    return String.valueOf(Meta.label(pod, Revisions.HASH));
  }

  Tree status() {
    long ready = 0;
    long available = 0;
    long ofCurrent = 0;
    long ofUpdate = 0;
    List<Tree> all = new ArrayList<>(replicas.values());
    all.addAll(condemned);
    for (Tree pod : all) {
      ready += running(pod) ? 1 : 0;
      available += available(pod) ? 1 : 0;
      if (!Meta.terminating(pod)) {
        ofCurrent += revision(pod).equals(current) ? 1 : 0;
        ofUpdate += revision(pod).equals(update) ? 1 : 0;
      }
    }
    Tree status = set.treeOrEmpty("status").copy();
    status.put("replicas", (long) all.size());
    status.put("availableReplicas", available);
    status.put("observedGeneration", Meta.generation(set));
    status.put("updateRevision", update);
    String settled = current;
    boolean complete =
        rolling() && ofUpdate == all.size() && ready == all.size() && all.size() == end - start;
    if (complete) {
      settled = update;
      ofCurrent = ofUpdate;
    }
    status.put("currentRevision", settled);
    if (!status.has("collisionCount")) {
      status.put("collisionCount", 0L);
    }
    count(status, "readyReplicas", ready);
    count(status, "currentReplicas", ofCurrent);
    count(status, "updatedReplicas", ofUpdate);
    return status;
  }

  private static void count(Tree status, String field, long count) {
    if (count == 0) {
      status.remove(field);
    } else {
      status.put(field, count);
    }
  }
}
