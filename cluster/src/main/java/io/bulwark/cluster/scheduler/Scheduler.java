package io.bulwark.cluster.scheduler;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.scheduler.framework.PostFilter;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.ClusterCache;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import io.bulwark.cluster.scheduler.plugin.PrioritySort;
import io.bulwark.cluster.scheduler.queue.Attempt;
import io.bulwark.cluster.scheduler.queue.ClusterChange;
import io.bulwark.cluster.scheduler.queue.SchedulingQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives every pod that asks for {@link #NAME} a node: takes the first of the queue, filters and
 * scores nodes on a snapshot, counts the pod there at once, and binds in the background.
 */
public final class Scheduler implements Component {
  /** What pods name in spec.schedulerName; the source of events. */
  public static final String NAME = "default-scheduler";

  private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

  private final Informers informers;
  private final EventRecorder events;
  private final PodWriter writer;
  private final Nominations nominations = new Nominations();
  private final SchedulingQueue queue;
  private final ClusterCache cache;
  private final SchedulingCycle cycle;
  private final PostFilter preemption;
  private final ExecutorService binders = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable Thread thread;

  /**
   * @param client acts as {@code system:kube-scheduler}
   * @param informers shared by the process; stays open
   * @param random breaks ties between equally good nodes
   */
  public Scheduler(
      ApiClient client, Informers informers, InstantSource clock, RandomGenerator random) {
    this.informers = informers;
    this.events = new EventRecorder(client, NAME, clock);
    Informer pods = informers.of(Resources.PODS);
    this.writer = new PodWriter(client, events, clock, NAME, pods::get);
    this.queue = new SchedulingQueue(new PrioritySort(), clock);
    Informer namespaces = informers.of(Resources.NAMESPACES);
    this.cache =
        new ClusterCache(
            name -> {
              Tree namespace = namespaces.get(name);
              return namespace == null ? null : namespace.treeOrEmpty("metadata", "labels");
            });
    Profile profile = Profile.standard();
    this.cycle = new SchedulingCycle(profile, nominations, random);
    this.preemption = new Preemption(profile, nominations, writer::evict, random);
  }

  @Override
  public synchronized void start() {
    ClusterEvents handler = new ClusterEvents(cache, queue, nominations, writer, binders);
    Informer nodes = informers.of(Resources.NODES);
    Informer pods = informers.of(Resources.PODS);
    nodes.onChange(handler::nodeChanged);
    pods.onChange(handler::podChanged);
    Informer namespaces = informers.of(Resources.NAMESPACES);
    thread =
        Thread.ofVirtual().name("scheduler").start(() -> run(List.of(nodes, pods, namespaces)));
  }

  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      running = thread;
      thread = null;
    }
    queue.close();
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(10));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    binders.shutdownNow();
    events.close();
  }

  private void run(List<Informer> needed) {
    try {
      for (Informer informer : needed) {
        while (!informer.awaitSynced(Duration.ofMinutes(1))) {
          LOG.log(
              System.Logger.Level.WARNING,
              () -> "still waiting for the list of " + informer.resource().resource());
        }
      }
      Attempt attempt;
      while ((attempt = queue.next()) != null) {
        try {
          place(attempt);
        } catch (RuntimeException failed) {
          retry(attempt, failed);
        }
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void place(Attempt attempt) {
    PodInfo pod = attempt.pod();
    if (cache.placed(pod.uid()) != null) {
      queue.done(pod.uid());
      return;
    }
    Snapshot cluster = cache.snapshot();
    switch (cycle.run(pod, cluster)) {
      case SchedulingCycle.Chosen chosen -> {
        PodInfo placed = pod.on(chosen.node());
        cache.putPod(placed);
        nominations.remove(pod.uid());
        bindInBackground(attempt, placed);
      }
      case SchedulingCycle.NoneFits none -> refuse(attempt, cluster, none);
    }
  }

  private void bindInBackground(Attempt attempt, PodInfo placed) {
    try {
      binders.execute(
          () -> {
            try {
              writer.bind(placed, placed.node());
              queue.done(placed.uid());
            } catch (RuntimeException failed) {
              cache.removePod(placed.uid());
              retry(attempt, failed);
              queue.clusterChanged(ClusterChange.POD_GONE);
            }
          });
    } catch (RejectedExecutionException closing) {
      queue.done(placed.uid());
    }
  }

  private void refuse(Attempt attempt, Snapshot cluster, SchedulingCycle.NoneFits none) {
    PodInfo pod = attempt.pod();
    Map<String, Verdict.Refused> refusals = none.refusals();
    String message = FitMessage.of(cluster.nodes().size(), refusals.values());
    @Nullable String nominated = null;
    if (!cluster.nodes().isEmpty()) {
      PostFilter.Outcome outcome = preemption.makeRoom(pod, cluster, refusals);
      if (!outcome.message().isEmpty()) {
        message += " no new claims to deallocate, preemption: " + outcome.message();
      }
      if (!outcome.node().isEmpty()) {
        nominated = outcome.node();
        for (PodInfo lesser : nominations.lesser(nominated, pod.priority())) {
          nominations.remove(lesser.uid());
          writer.clearNomination(lesser);
        }
        nominations.put(pod, nominated);
      }
    }
    Set<String> plugins = none.plugins();
    queue.refused(attempt, plugins, false);
    writer.event(pod, EventRecorder.WARNING, "FailedScheduling", message);
    try {
      writer.notScheduled(pod, "Unschedulable", message, nominated);
    } catch (ApiException refused) {
      if (refused.notFound()) {
        queue.remove(pod.uid());
      }
      LOG.log(System.Logger.Level.DEBUG, () -> pod.key() + ": " + refused.getMessage());
    }
  }

  private void retry(Attempt attempt, RuntimeException failed) {
    PodInfo pod = attempt.pod();
    if (failed instanceof ApiException refused && refused.notFound()) {
      queue.done(pod.uid());
      return;
    }
    if (failed instanceof ApiException) {
      LOG.log(System.Logger.Level.DEBUG, () -> pod.key() + ": " + failed.getMessage());
    } else {
      LOG.log(System.Logger.Level.WARNING, pod.key(), failed);
    }
    writer.event(
        pod, EventRecorder.WARNING, "FailedScheduling", String.valueOf(failed.getMessage()));
    queue.refused(attempt, Set.of(), true);
  }
}
