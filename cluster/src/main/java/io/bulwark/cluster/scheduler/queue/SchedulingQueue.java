package io.bulwark.cluster.scheduler.queue;

import io.bulwark.cluster.scheduler.framework.QueueSort;
import io.bulwark.cluster.scheduler.model.PodInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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

  private record Pausing(Attempt attempt, Instant until) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final InstantSource clock;
  private final TreeSet<Attempt> active;
  private final TreeSet<Pausing> pausing =
      new TreeSet<>(
          Comparator.comparing(Pausing::until).thenComparing(p -> p.attempt().pod().uid()));
  private final Map<String, Attempt> unschedulable = new HashMap<>();
  private final Map<String, Object> place = new HashMap<>();

  /** What happened while a pod was being tried, by its uid. */
  private final Map<String, List<ClusterChange>> inFlight = new HashMap<>();

  private boolean closed;

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
      Attempt waiting = unschedulable.get(pod.uid());
      if (waiting != null) {
        Attempt fresh = waiting.with(pod);
        unschedulable.put(pod.uid(), fresh);
        place.put(pod.uid(), fresh);
      }
    } finally {
      lock.unlock();
    }
  }

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
        Instant now = clock.instant();
        Instant wake = ripen(now);
        if (!active.isEmpty()) {
          Attempt attempt = active.pollFirst();
          if (attempt != null) {
            place.remove(attempt.pod().uid());
            inFlight.put(attempt.pod().uid(), new ArrayList<>(0));
            return attempt.tried();
          }
        }
        if (wake == null) {
          changed.await();
        } else {
          changed.await(Duration.between(now, wake).toNanos(), TimeUnit.NANOSECONDS);
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
      Attempt waiting = attempt.refused(plugins, clock.instant());
      if (retry || (missed != null && missed.stream().anyMatch(c -> c.mayHelp(waiting)))) {
        pause(waiting);
      } else {
        unschedulable.put(waiting.pod().uid(), waiting);
        place.put(waiting.pod().uid(), waiting);
        changed.signal();
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
      for (Iterator<Attempt> it = unschedulable.values().iterator(); it.hasNext(); ) {
        Attempt waiting = it.next();
        if (change.mayHelp(waiting)) {
          it.remove();
          place.remove(waiting.pod().uid());
          pause(waiting);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  public int size() {
    lock.lock();
    try {
      return place.size();
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
    active.add(attempt);
    place.put(attempt.pod().uid(), attempt);
    changed.signal();
  }

  private void pause(Attempt attempt) {
    int doublings = Math.min(Math.max(attempt.tries() - 1, 0), 10);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    Instant until = attempt.lastTry().plus(pause);
    if (!until.isAfter(clock.instant())) {
      activate(attempt);
      return;
    }
    Pausing entry = new Pausing(attempt, until);
    pausing.add(entry);
    place.put(attempt.pod().uid(), entry);
    changed.signal();
  }

  private @Nullable Attempt take(String uid) {
    return switch (place.remove(uid)) {
      case Pausing entry -> {
        pausing.remove(entry);
        yield entry.attempt;
      }
      case Attempt attempt -> {
        if (unschedulable.remove(uid) == null) {
          active.remove(attempt);
        }
        yield attempt;
      }
      case null, default -> null;
    };
  }

  /** Activates what has waited long enough; returns when to look again, or null. */
  private @Nullable Instant ripen(Instant now) {
    while (!pausing.isEmpty() && !pausing.first().until.isAfter(now)) {
      Pausing entry = pausing.pollFirst();
      if (entry != null) {
        activate(entry.attempt);
      }
    }
    Instant wake = pausing.isEmpty() ? null : pausing.first().until;
    for (Iterator<Attempt> it = unschedulable.values().iterator(); it.hasNext(); ) {
      Attempt waiting = it.next();
      Instant end = waiting.lastTry().plus(PATIENCE);
      if (!end.isAfter(now)) {
        it.remove();
        activate(waiting);
      } else if (wake == null || end.isBefore(wake)) {
        wake = end;
      }
    }
    return wake;
  }
}
