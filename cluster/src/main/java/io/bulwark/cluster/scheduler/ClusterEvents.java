package io.bulwark.cluster.scheduler;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.scheduler.model.ClusterCache;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.queue.ClusterChange;
import io.bulwark.cluster.scheduler.queue.SchedulingQueue;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Takes what the informers see into the cache and the queue. */
final class ClusterEvents {
  private final ClusterCache cache;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final PodWriter writer;
  private final Executor background;

  ClusterEvents(
      ClusterCache cache,
      SchedulingQueue queue,
      Nominations nominations,
      PodWriter writer,
      Executor background) {
    this.cache = cache;
    this.queue = queue;
    this.nominations = nominations;
    this.writer = writer;
    this.background = background;
  }

  void nodeChanged(@Nullable Tree before, @Nullable Tree after) {
    if (after == null) {
      if (before != null) {
        cache.removeNode(Meta.name(before));
        queue.clusterChanged(ClusterChange.NODE_REMOVED);
      }
      return;
    }
    if (before == null) {
      cache.putNode(after);
      queue.clusterChanged(ClusterChange.NODE_ADDED);
      return;
    }
    boolean amounts = differ(before, after, "status", "allocatable");
    boolean labels = differ(before, after, "metadata", "labels");
    boolean taints =
        differ(before, after, "spec", "taints") || differ(before, after, "spec", "unschedulable");
    if (!amounts && !labels && !taints) {
      return;
    }
    cache.putNode(after);
    if (amounts) {
      queue.clusterChanged(ClusterChange.NODE_ALLOCATABLE);
    }
    if (labels) {
      queue.clusterChanged(ClusterChange.NODE_LABELS);
    }
    if (taints) {
      queue.clusterChanged(ClusterChange.NODE_TAINTS);
    }
  }

  void podChanged(@Nullable Tree before, @Nullable Tree after) {
    Tree pod = after == null ? before : after;
    if (pod == null) {
      return;
    }
    if (before != null && after != null && !Meta.uid(before).equals(Meta.uid(after))) {
      gone(before);
    }
    if (after == null || terminal(after)) {
      gone(pod);
    } else if (!after.textOrEmpty("spec", "nodeName").isEmpty()) {
      assigned(before, after);
    } else if (Scheduler.NAME.equals(after.text("spec", "schedulerName"))) {
      waiting(before, after);
    }
  }

  private void gone(Tree pod) {
    String uid = Meta.uid(pod);
    queue.remove(uid);
    nominations.remove(uid);
    if (cache.placed(uid) != null) {
      cache.removePod(uid);
      queue.clusterChanged(ClusterChange.POD_GONE);
    }
  }

  private void assigned(@Nullable Tree before, Tree after) {
    PodInfo known = cache.placed(Meta.uid(after));
    boolean sameSpec =
        before != null
            && known != null
            && !differ(before, after, "metadata", "labels")
            && !differ(before, after, "metadata", "deletionTimestamp")
            && !differ(before, after, "spec");
    if (sameSpec) {
      return;
    }
    PodInfo pod = PodInfo.of(after);
    cache.putPod(pod);
    queue.remove(pod.uid());
    nominations.remove(pod.uid());
    if (known == null || !known.labels().equals(pod.labels())) {
      queue.clusterChanged(ClusterChange.POD_PLACED);
    }
    if (known != null
        && (known.requests().cpu() > pod.requests().cpu()
            || known.requests().memory() > pod.requests().memory())) {
      queue.clusterChanged(ClusterChange.POD_SHRUNK);
    }
  }

  private void waiting(@Nullable Tree before, Tree after) {
    if (cache.placed(Meta.uid(after)) != null) {
      return;
    }
    if (Meta.terminating(after)) {
      gone(after);
      return;
    }
    if (!after.list("spec", "schedulingGates").isEmpty()) {
      queue.remove(Meta.uid(after));
      noteGates(after);
      return;
    }
    PodInfo pod = PodInfo.of(after);
    if (!pod.nominated().isEmpty() && nominations.nodeOf(pod.uid()).isEmpty() && before == null) {
      nominations.put(pod, pod.nominated());
    }
    boolean onlyStatus =
        before != null
            && !differ(before, after, "spec")
            && !differ(before, after, "metadata", "labels");
    if (onlyStatus) {
      queue.refresh(pod);
    } else {
      queue.add(pod);
    }
  }

  private void noteGates(Tree pod) {
    for (Tree condition : pod.trees("status", "conditions")) {
      if ("PodScheduled".equals(condition.text("type"))) {
        return;
      }
    }
    PodInfo info = PodInfo.of(pod);
    background.execute(
        () -> {
          try {
            writer.notScheduled(
                info,
                "SchedulingGated",
                "Scheduling is blocked due to non-empty scheduling gates",
                null);
          } catch (ApiException refused) {
            // The next event of the pod tries again.
          }
        });
  }

  private static boolean terminal(Tree pod) {
    String phase = pod.textOrEmpty("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private static boolean differ(Tree before, Tree after, String... path) {
    return !Objects.equals(before.at(path), after.at(path));
  }
}
