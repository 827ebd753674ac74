package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store.Change;
import io.bulwark.cluster.apiserver.store.Store.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes that become durable together. Each is decided on the outcome of those before it; nobody
 * sees any of them until the whole batch is published.
 */
final class Batch {
  private final Deadlines lasting;
  private final long nowMillis;
  private final List<Change> changes = new ArrayList<>();
  private final Map<String, Long> deadlines = new HashMap<>();
  private KeyTree tree;
  private long revision;

  Batch(Timeline.Now now, Deadlines lasting, long nowMillis) {
    this.tree = now.tree();
    this.revision = now.revision();
    this.lasting = lasting;
    this.nowMillis = nowMillis;
  }

  List<Change> changes() {
    return changes;
  }

  /** The revision after the batch. */
  long revision() {
    return revision;
  }

  /** When a key's entry ends in milliseconds of the epoch, or 0. */
  long deadline(String key) {
    Long changed = deadlines.get(key);
    return changed == null ? lasting.of(key) : changed;
  }

  /** Remembers the deadlines of a durable batch. */
  void settleDeadlines() {
    deadlines.forEach(lasting::set);
  }

  Written apply(Write write) {
    Entry current = tree.get(write.key());
    return switch (write) {
      case Write.Create(var key, var value, var lifetime) ->
          current == null ? put(key, value, lifetime, null) : new Written.Lost(current);
      case Write.Update(var key, var expected, var value, var lifetime) ->
          current != null && current.revision() == expected
              ? put(key, value, lifetime, current)
              : new Written.Lost(current);
      case Write.Delete(var key, var expected) ->
          current != null && current.revision() == expected
              ? delete(key, current)
              : new Written.Lost(current);
    };
  }

  private Written put(
      String key, byte[] value, @Nullable Duration lifetime, @Nullable Entry previous) {
    revision++;
    long created = previous == null ? revision : previous.created();
    Entry entry = new Entry(key, value, created, revision);
    tree = tree.with(entry);
    changes.add(new Change(Change.Type.PUT, entry, previous));
    if (lifetime != null) {
      deadlines.put(key, Math.max(1, nowMillis + lifetime.toMillis()));
    }
    return new Written.Done(entry);
  }

  private Written delete(String key, Entry current) {
    revision++;
    Entry last = new Entry(key, current.value(), current.created(), revision);
    tree = tree.without(key);
    changes.add(new Change(Change.Type.DELETE, last, current));
    deadlines.put(key, 0L);
    return new Written.Done(last);
  }
}
