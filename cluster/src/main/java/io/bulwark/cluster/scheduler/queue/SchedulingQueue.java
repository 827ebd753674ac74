package io.bulwark.cluster.scheduler.queue;

import io.bulwark.client.Delays;
import io.bulwark.cluster.scheduler.framework.QueueSort;
import io.bulwark.cluster.scheduler.model.PodInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Pods that wait for a node, in three places: <em>active</em> ones can be tried now, <em>backing
 * off</em> ones were tried a moment ago, <em>unschedulable</em> ones wait for the cluster to
 * change. Thread-safe.
 *
 * <p>Source: kubernetes pkg/scheduler/backend/queue.
 */
public final class SchedulingQueue {
  /** The pause after the first failed try; doubles with each. */
  public static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** The longest pause. */
  public static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** After this long an unschedulable pod is tried even if nothing happened. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final InstantSource clock;
  private final TreeSet<Attempt> active;

  /** All pods that wait, by uid. */
  private final Map<String, Attempt> waiting = new HashMap<>();

  /** When those that are not active will be, in milliseconds since the epoch. */
  private final Delays<String> delays = new Delays<>();

  private final Set<String> unschedulable = new HashSet<>();

  /** What happened while a pod was being tried, by its uid. */
  private final Map<String, List<ClusterChange>> inFlight = new HashMap<>();

  private boolean closed;

  /**
   * @param order of the active pods; those equal in it go by uid
   * @param clock by which pauses end; {@link #next} sleeps by the machine's
   */
  public SchedulingQueue(QueueSort order, InstantSource clock) {
    this.clock = clock;
    Comparator<Attempt> byOrder =
        (a, b) ->
            order.compare(
                new QueueSort.Waiting(a.pod().priority(), a.since()),
                new QueueSort.Waiting(b.pod().priority(), b.since()));
    this.active = new TreeSet<>(byOrder.thenComparing(attempt -> attempt.pod().uid()));
  }

  /** A pod is new or has changed so that it may fit now. */
  public void add(PodInfo pod) {
    lock.lock();
    try {
      if (inFlight.containsKey(pod.uid())) {
        return;
      }
      Attempt known = take(pod.uid());
      Instant now = clock.instant();
      activate(known == null ? new Attempt(pod, now, 0, now, Set.of()) : known.with(pod));
    } finally {
      lock.unlock();
    }
  }

  /** A pod changed in a way that makes no difference to where it fits. */
  public void refresh(PodInfo pod) {
    lock.lock();
    try {
      if (unschedulable.contains(pod.uid())) {
        waiting.computeIfPresent(pod.uid(), (uid, known) -> known.with(pod));
      }
    } finally {
      lock.unlock();
    }
  }

  /** A pod is gone or placed by somebody else; nothing happens where it does not wait. */
  public void remove(String uid) {
    lock.lock();
    try {
      take(uid);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first active pod; {@link #done} must follow. Null when closed. */
  public @Nullable Attempt next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        long now = clock.millis();
        ripen(now);
        Attempt attempt = active.pollFirst();
        if (attempt != null) {
          waiting.remove(attempt.pod().uid());
          inFlight.put(attempt.pod().uid(), new ArrayList<>(0));
          return attempt.tried();
        }
        Long pause = delays.untilNext(now);
        if (pause == null) {
          changed.await();
        } else {
          changed.await(pause, TimeUnit.MILLISECONDS);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** A pod was bound, or needs no node any more. */
  public void done(String uid) {
    lock.lock();
    try {
      inFlight.remove(uid);
    } finally {
      lock.unlock();
    }
  }

  /**
   * No node was found. If the cluster changed meanwhile so that it may help, the pod is tried again
   * after a pause, else when that happens.
   *
   * @param retry whether to try again after a pause in any case
   */
  public void refused(Attempt attempt, Set<String> plugins, boolean retry) {
    lock.lock();
    try {
      List<ClusterChange> missed = inFlight.remove(attempt.pod().uid());
      Attempt refused = attempt.refused(plugins, clock.instant());
      if (retry || (missed != null && missed.stream().anyMatch(c -> c.mayHelp(refused)))) {
        pause(refused);
      } else {
        unschedulable.add(refused.pod().uid());
        delay(refused, refused.lastTry().plus(PATIENCE));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The cluster changed: tries those pods again whom it may help. */
  public void clusterChanged(ClusterChange change) {
    lock.lock();
    try {
      for (List<ClusterChange> missed : inFlight.values()) {
        if (!missed.contains(change)) {
          missed.add(change);
        }
      }
      for (Iterator<String> it = unschedulable.iterator(); it.hasNext(); ) {
        Attempt attempt = waiting.get(it.next());
        if (attempt != null && change.mayHelp(attempt)) {
          it.remove();
          pause(attempt);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  public int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void activate(Attempt attempt) {
    delays.remove(attempt.pod().uid());
    active.add(attempt);
    waiting.put(attempt.pod().uid(), attempt);
    changed.signal();
  }

  private void pause(Attempt attempt) {
    int doublings = Math.min(Math.max(attempt.tries() - 1, 0), 10);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    Instant until = attempt.lastTry().plus(pause);
    if (until.isAfter(clock.instant())) {
      delay(attempt, until);
    } else {
      activate(attempt);
    }
  }

  private void delay(Attempt attempt, Instant until) {
    delays.put(attempt.pod().uid(), until.toEpochMilli());
    waiting.put(attempt.pod().uid(), attempt);
    changed.signal();
  }

  private @Nullable Attempt take(String uid) {
    Attempt attempt = waiting.remove(uid);
    unschedulable.remove(uid);
    if (attempt != null && !delays.remove(uid)) {
      active.remove(attempt);
    }
    return attempt;
  }

  /** Activates what has waited long enough. */
  private void ripen(long now) {
    for (String uid = delays.pollDue(now); uid != null; uid = delays.pollDue(now)) {
      unschedulable.remove(uid);
      Attempt attempt = waiting.get(uid);
      if (attempt != null) {
        activate(attempt);
      }
    }
  }
}
