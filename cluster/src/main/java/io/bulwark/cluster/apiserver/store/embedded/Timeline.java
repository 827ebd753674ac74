package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store.Change;
import io.bulwark.cluster.apiserver.store.Store.Compacted;
import io.bulwark.cluster.apiserver.store.Store.Listener;
import io.bulwark.cluster.apiserver.store.Store.Range;
import io.bulwark.cluster.apiserver.store.Store.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is in memory: the newest tree, history, and those who watch. Readers of the newest tree take
 * no lock. One thread hands changes to the watches, in order.
 */
final class Timeline implements AutoCloseable {
  /** How often a watch without changes is told how far it has come. */
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition published = lock.newCondition();
  private final Map<String, Set<Subscriber>> subscribers = new ConcurrentHashMap<>();
  private final History history;
  private final long historyBytes;
  private final Thread dispatcher;
  private volatile Now now;
  private List<Change> undelivered = new ArrayList<>();
  private long dispatched;
  private boolean closed;

  /** The newest tree with its revision. */
  record Now(KeyTree tree, long revision) {}

  Timeline(Now now, long millis, long historyBytes) {
    this.now = now;
    this.historyBytes = historyBytes;
    this.dispatched = now.revision();
    this.history = new History(now.revision(), now.tree(), millis);
    this.dispatcher = Thread.ofVirtual().name("store-watch").start(this::dispatch);
  }

  Now now() {
    return now;
  }

  long compacted() {
    lock.lock();
    try {
      return history.compacted();
    } finally {
      lock.unlock();
    }
  }

  Range range(String prefix, String after, long revision, int limit) throws Compacted {
    Now at = revision == 0 ? now : at(revision);
    List<Entry> entries = at.tree().range(prefix, after, limit == 0 ? Integer.MAX_VALUE : limit);
    long remaining =
        entries.size() < limit || limit == 0 ? 0 : at.tree().count(prefix, entries.getLast().key());
    return new Range(at.revision(), entries, remaining > 0, remaining);
  }

  private Now at(long revision) throws Compacted {
    lock.lock();
    try {
      if (revision > now.revision()) {
        throw new IllegalArgumentException(
            "revision " + revision + " is newer than " + now.revision());
      }
      return new Now(history.at(revision), revision);
    } finally {
      lock.unlock();
    }
  }

  /** Makes a durable batch visible. Called by one thread at a time. */
  void publish(Batch batch, long millis) {
    lock.lock();
    try {
      KeyTree tree = now.tree();
      for (Change change : batch.changes()) {
        tree = History.applied(tree, change);
        history.append(change, tree, millis);
      }
      now = new Now(tree, batch.revision());
      history.compactToBytes(historyBytes);
      undelivered.addAll(batch.changes());
      published.signal();
    } finally {
      lock.unlock();
    }
  }

  void compact(long revision) {
    lock.lock();
    try {
      history.compact(Math.min(revision, now.revision()));
    } finally {
      lock.unlock();
    }
  }

  void compactOlderThan(long millis, long nowMillis) {
    lock.lock();
    try {
      history.mark(now.tree(), nowMillis);
      history.compactOlderThan(millis);
    } finally {
      lock.unlock();
    }
  }

  Subscription watch(String prefix, long after, Listener listener) throws Compacted {
    Subscriber subscriber;
    lock.lock();
    try {
      long from = after == 0 ? now.revision() : after;
      if (from < history.compacted()) { // also while what follows still waits to be handed out
        throw new Compacted(history.compacted());
      }
      List<Change> replay = from < dispatched ? history.changes(from, dispatched) : List.of();
      subscriber = new Subscriber(prefix, from, listener, this::forget);
      subscriber.hold(new Subscriber.Batch(replay, dispatched));
      subscribers
          .computeIfAbsent(segment(prefix), s -> ConcurrentHashMap.newKeySet())
          .add(subscriber);
    } finally {
      lock.unlock();
    }
    subscriber.deliver();
    return subscriber;
  }

  private void forget(Subscriber subscriber) {
    Set<Subscriber> of = subscribers.get(segment(subscriber.prefix()));
    if (of != null) {
      of.remove(subscriber);
    }
  }

  /** The first step of a path with its slashes, or the empty string for a prefix across steps. */
  private static String segment(String path) {
    int slash = path.startsWith("/") ? path.indexOf('/', 1) : -1;
    return slash < 0 ? "" : path.substring(0, slash + 1);
  }

  private void dispatch() {
    long lastProgress = System.nanoTime();
    long told = 0;
    while (true) {
      List<Change> changes;
      long revision;
      lock.lock();
      try {
        if (!closed && now.revision() == dispatched) {
          published.awaitNanos(PROGRESS_NANOS);
        }
        if (closed) {
          return;
        }
        revision = now.revision();
        changes = undelivered;
        undelivered = new ArrayList<>();
        dispatched = revision;
      } catch (InterruptedException end) {
        return;
      } finally {
        lock.unlock();
      }
      hand(changes, revision);
      if (revision > told && System.nanoTime() - lastProgress > PROGRESS_NANOS) {
        lastProgress = System.nanoTime();
        told = revision;
        Subscriber.Batch progress = new Subscriber.Batch(List.of(), revision);
        subscribers.values().forEach(of -> of.forEach(s -> s.offer(progress)));
      }
    }
  }

  private void hand(List<Change> changes, long revision) {
    Map<String, List<Change>> bySegment = new HashMap<>();
    for (Change change : changes) {
      bySegment.computeIfAbsent(segment(change.entry().key()), s -> new ArrayList<>()).add(change);
    }
    bySegment.forEach((segment, some) -> offer(segment, new Subscriber.Batch(some, revision)));
    if (!changes.isEmpty()) {
      offer("", new Subscriber.Batch(changes, revision));
    }
  }

  private void offer(String segment, Subscriber.Batch batch) {
    @Nullable Set<Subscriber> of = subscribers.get(segment);
    if (of != null) {
      of.forEach(subscriber -> subscriber.offer(batch));
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      published.signal();
    } finally {
      lock.unlock();
    }
    try {
      dispatcher.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
