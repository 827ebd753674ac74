package io.bulwark.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys that wait to be worked on. A key waits at most once; while a worker has it, adding it again
 * makes it wait only after {@link #done}, so that two workers never have the same key. Thread-safe.
 *
 * <p>Source: the semantics are those of client-go's rate-limiting work queue.
 */
public final class WorkQueue<K> {
  /** The delay after the first failure of a key; doubles with each further one. */
  public static final Duration FIRST_DELAY = Duration.ofMillis(5);

  /** The longest delay after failures. */
  public static final Duration LONGEST_DELAY = Duration.ofSeconds(1000);

  /** Hears what happens to keys; called under the queue's lock, so it must be quick. */
  public interface Metrics {
    Metrics NONE = new Metrics() {};

    default void added(int depth) {}

    default void taken(int depth) {}

    default void retried() {}
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<K> waiting = new ArrayDeque<>();
  private final Set<K> dirty = new HashSet<>();
  private final Set<K> working = new HashSet<>();
  private final Delays<K> delayed = new Delays<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private final LongSupplier nanos;
  private final Metrics metrics;
  private boolean closed;

  public WorkQueue() {
    this(System::nanoTime, Metrics.NONE);
  }

  /**
   * @param nanos a monotonic clock in nanoseconds
   */
  public WorkQueue(LongSupplier nanos, Metrics metrics) {
    this.nanos = nanos;
    this.metrics = metrics;
  }

  /** Makes the key wait, unless it already does. */
  public void add(K key) {
    lock.lock();
    try {
      enqueue(key);
    } finally {
      lock.unlock();
    }
  }

  /** Adds the key after a delay; an earlier pending delay of the key wins. */
  public void addAfter(K key, Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      add(key);
      return;
    }
    lock.lock();
    try {
      long readyAt = nanos.getAsLong() + delay.toNanos();
      if (closed || delayed.waits(key, readyAt)) {
        return;
      }
      delayed.put(key, readyAt);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Adds the key after a delay that grows with each call until {@link #forget}. */
  public void addRateLimited(K key) {
    addAfter(key, failed(key));
  }

  private Duration failed(K key) {
    lock.lock();
    try {
      int before = failures.merge(key, 1, Integer::sum) - 1;
      metrics.retried();
      long nanosDelay = FIRST_DELAY.toNanos() << Math.min(before, 30);
      return Duration.ofNanos(Math.min(nanosDelay, LONGEST_DELAY.toNanos()));
    } finally {
      lock.unlock();
    }
  }

  /** The next failure of the key counts as its first. */
  public void forget(K key) {
    lock.lock();
    try {
      failures.remove(key);
    } finally {
      lock.unlock();
    }
  }

  /** How often the key was added rate-limited since it was last forgotten. */
  public int failures(K key) {
    lock.lock();
    try {
      return failures.getOrDefault(key, 0);
    } finally {
      lock.unlock();
    }
  }

  /** How many keys wait now, without delayed ones. */
  public int depth() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a key; call {@link #done} with it afterwards. Null when the queue was closed. */
  public @Nullable K take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        K key = poll();
        if (key != null || closed) {
          return key;
        }
        Long pause = delayed.untilNext(nanos.getAsLong());
        if (pause == null) {
          changed.await();
        } else {
          changed.await(pause, TimeUnit.NANOSECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A key that waits, or null when there is none now. */
  public @Nullable K poll() {
    lock.lock();
    try {
      ripen();
      K key = waiting.poll();
      if (key != null) {
        dirty.remove(key);
        working.add(key);
        metrics.taken(waiting.size());
        if (!waiting.isEmpty() || delayed.untilNext(0) != null) {
          changed.signal();
        }
      }
      return key;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the work on a key; if it was added meanwhile, it waits again. */
  public void done(K key) {
    lock.lock();
    try {
      working.remove(key);
      if (dirty.contains(key)) {
        waiting.add(key);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops what waits and lets every {@link #take} return null. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      delayed.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(K key) {
    if (closed || !dirty.add(key) || working.contains(key)) {
      return;
    }
    waiting.add(key);
    metrics.added(waiting.size());
    changed.signal();
  }

  private void ripen() {
    long now = nanos.getAsLong();
    for (K key = delayed.pollDue(now); key != null; key = delayed.pollDue(now)) {
      enqueue(key);
    }
  }
}
