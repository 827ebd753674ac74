package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.node.pod.PodSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pod's worker: takes turns one after the other on a virtual thread, when woken and at the
 * latest when the last turn asked for it. Ends itself when nothing of the pod is left.
 */
final class PodWorker {
  private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final PodLife life;
  private final StatusPublisher publisher;
  private final ApiClient client;
  private final Consumer<PodWorker> gone;
  private final PodMemory memory;
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread;
  private volatile Tree pod;
  private volatile Tree status;
  private volatile @Nullable Verdict ordered;
  private volatile boolean closed;

  /**
   * @param gone is told when the worker has ended by itself
   */
  PodWorker(
      Tree pod,
      PodLife life,
      StatusPublisher publisher,
      ApiClient client,
      Instant now,
      Consumer<PodWorker> gone) {
    this.pod = pod;
    this.status = pod.treeOrEmpty("status");
    this.life = life;
    this.publisher = publisher;
    this.client = client;
    this.gone = gone;
    this.memory = new PodMemory(now);
    this.thread = Thread.ofVirtual().name("pod-" + Meta.key(pod)).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  String uid() {
    return Meta.uid(pod);
  }

  /** The pod with the newest status that the node knows. */
  Tree current() {
    Tree known = status;
    Tree object = pod;
    Tree merged = object.copy();
    Tree target = merged.child("status");
    known.forEach(
        (field, value) -> {
          if (!field.equals("conditions")) {
            target.put(field, value);
          }
        });
    return merged.freeze();
  }

  /** Whether the newest status that the node knows is a final one. */
  boolean finished() {
    return PodSpec.finished(Tree.of("status", status));
  }

  Tree pod() {
    return pod;
  }

  void update(Tree newer) {
    Tree before = pod;
    pod = newer;
    boolean onlyStatus =
        Meta.generation(newer) == Meta.generation(before)
            && Objects.equals(end(newer), end(before))
            && Meta.labels(newer).equals(Meta.labels(before))
            && Meta.annotations(newer).equals(Meta.annotations(before));
    boolean gates = !newer.trees("spec", "readinessGates").isEmpty();
    if (!onlyStatus || gates) {
      wake();
    }
  }

  private static @Nullable Object end(Tree pod) {
    return pod.at("metadata", "deletionTimestamp");
  }

  void wake() {
    wakes.release();
  }

  /** Has the pod ended with this verdict; tells whether that is news. */
  boolean end(Verdict verdict) {
    boolean news = ordered == null;
    if (news) {
      ordered = verdict;
      wake();
    }
    return news;
  }

  private void work() {
    try {
      while (!closed) {
        wakes.drainPermits();
        Duration again = turn();
        if (again == null) {
          return;
        }
        wakes.tryAcquire(Math.max(1, again.toMillis()), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      memory.close();
    }
  }

  private @Nullable Duration turn() throws InterruptedException {
    Tree object = pod;
    if (memory.verdict == null) {
      memory.verdict = ordered;
    }
    try {
      Turn turn = life.advance(memory, object);
      status = turn.status();
      publisher.publish(object, turn.status());
      if (turn.cleared()) {
        publisher.await(Meta.uid(object));
        delete(object);
        publisher.forget(Meta.uid(object));
        gone.accept(this);
        return null;
      }
      return turn.again();
    } catch (RuntimeException failed) {
      if (closed) {
        return null;
      }
      LOG.log(System.Logger.Level.WARNING, "pod " + Meta.key(object), failed);
      return RETRY;
    }
  }

  private void delete(Tree object) {
    try {
      client.delete(
          Resources.PODS,
          Meta.namespace(object),
          Meta.name(object),
          Tree.of(
              "apiVersion",
              "v1",
              "gracePeriodSeconds",
              0,
              "kind",
              "DeleteOptions",
              "preconditions",
              Tree.of("uid", Meta.uid(object))));
    } catch (ApiException refused) {
      if (!refused.notFound() && refused.code() != 409) {
        throw refused;
      }
    }
  }

  /** Ends the worker; its containers go on. */
  void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
