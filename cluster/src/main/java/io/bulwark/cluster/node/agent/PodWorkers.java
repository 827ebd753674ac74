package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.Timestamps;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The workers of all pods of a node, by uid. Thread-safe. */
public final class PodWorkers implements AutoCloseable {
  private final PodLife life;
  private final StatusPublisher publisher;
  private final ApiClient client;
  private final InstantSource clock;
  private final ConcurrentMap<String, PodWorker> workers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public PodWorkers(
      PodLife life, StatusPublisher publisher, ApiClient client, InstantSource clock) {
    this.life = life;
    this.publisher = publisher;
    this.client = client;
    this.clock = clock;
  }

  /** Hears of a pod of this node as the API tells it. */
  public void changed(@Nullable Tree before, @Nullable Tree after) {
    if (after == null) {
      if (before != null) {
        vanished(before);
      }
      return;
    }
    if (before != null && !Meta.uid(before).equals(Meta.uid(after))) {
      vanished(before);
    }
    PodWorker running = workers.get(Meta.uid(after));
    if (running != null) {
      running.update(after);
    } else {
      start(after);
    }
  }

  private void start(Tree pod) {
    if (closed) {
      return;
    }
    PodWorker worker =
        new PodWorker(
            pod,
            life,
            publisher,
            client,
            clock.instant(),
            gone -> workers.remove(gone.uid(), gone));
    if (workers.putIfAbsent(Meta.uid(pod), worker) == null) {
      worker.start();
    }
  }

  /** A pod whose object is gone is ended at once: it was deleted by force. */
  private void vanished(Tree pod) {
    PodWorker worker = workers.get(Meta.uid(pod));
    if (worker != null) {
      worker.update(asDeleted(pod, 1));
      worker.wake();
    }
  }

  private Tree asDeleted(Tree pod, long grace) {
    Tree deleted = pod.copy();
    deleted.set(Timestamps.seconds(clock.instant()), "metadata", "deletionTimestamp");
    return deleted.set(grace, "metadata", "deletionGracePeriodSeconds").freeze();
  }

  /** Ends a pod that the runtime holds and the API does not know. */
  public void adoptOrphan(Tree pod) {
    start(asDeleted(pod, pod.number(1, "metadata", "deletionGracePeriodSeconds")));
  }

  public boolean knows(String uid) {
    return workers.containsKey(uid);
  }

  public void wake(String uid) {
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.wake();
    }
  }

  /** Ends a pod that is to fail with this verdict; tells whether that is news. */
  boolean end(String uid, Verdict verdict) {
    PodWorker worker = workers.get(uid);
    return worker != null && worker.end(verdict);
  }

  /** The pods with their newest known statuses, frozen. */
  public List<Tree> pods() {
    return workers.values().stream().map(PodWorker::current).toList();
  }

  /** The pods that hold resources of the node. */
  List<Tree> unfinished() {
    List<Tree> holding = new ArrayList<>();
    for (PodWorker worker : workers.values()) {
      if (!worker.finished()) {
        holding.add(worker.pod());
      }
    }
    return holding;
  }

  /** Those of them other than one. */
  public List<Tree> others(String uid) {
    return unfinished().stream().filter(pod -> !Meta.uid(pod).equals(uid)).toList();
  }

  @Override
  public void close() {
    closed = true;
    List<Thread> closing =
        workers.values().stream().map(each -> Thread.ofVirtual().start(each::close)).toList();
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    workers.clear();
  }
}
