package io.bulwark.client;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keys that wait for a time, each for one at most. Every operation takes logarithmic time. Not
 * thread-safe: the queue that uses it has a lock.
 *
 * @param <K> with {@code equals} and {@code hashCode}
 */
public final class Delays<K> {
  private record Entry<K>(K key, long due, long number) {}

  private final TreeSet<Entry<K>> order =
      new TreeSet<>(Comparator.<Entry<K>>comparingLong(Entry::due).thenComparing(Entry::number));
  private final Map<K, Entry<K>> entries = new HashMap<>();
  private long numbers;

  /**
   * Has a key wait, instead of until the time for which it may wait already.
   *
   * @param due on any clock, the same for all calls and in its units
   */
  public void put(K key, long due) {
    remove(key);
    Entry<K> entry = new Entry<>(key, due, numbers++);
    entries.put(key, entry);
    order.add(entry);
  }

  /** Whether a key waits, and not beyond a time. */
  public boolean waits(K key, long atMostUntil) {
    Entry<K> entry = entries.get(key);
    return entry != null && entry.due <= atMostUntil;
  }

  /** Lets a key no longer wait; returns whether it did. */
  public boolean remove(K key) {
    Entry<K> entry = entries.remove(key);
    return entry != null && order.remove(entry);
  }

  /** Takes the key that has been due for longest, or returns null where none is due. */
  public @Nullable K pollDue(long now) {
    if (order.isEmpty() || order.first().due > now) {
      return null;
    }
    K key = order.first().key;
    remove(key);
    return key;
  }

  /** How long until a key is due, 0 or less if one is; null where none waits. */
  public @Nullable Long untilNext(long now) {
    return order.isEmpty() ? null : order.first().due - now;
  }

  /** Forgets all keys. */
  public void clear() {
    order.clear();
    entries.clear();
  }
}
