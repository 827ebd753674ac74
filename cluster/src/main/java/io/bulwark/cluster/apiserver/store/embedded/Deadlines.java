package io.bulwark.cluster.apiserver.store.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** When entries with a lifetime end, in milliseconds of the epoch; 0 is never. Thread-safe. */
final class Deadlines {
  private final Map<String, Long> byKey = new HashMap<>();
  private final PriorityQueue<Deadline> earliest =
      new PriorityQueue<>((a, b) -> Long.compare(a.millis, b.millis));

  private record Deadline(long millis, String key) {}

  synchronized long of(String key) {
    return byKey.getOrDefault(key, 0L);
  }

  synchronized void set(String key, long millis) {
    if (millis == 0) {
      byKey.remove(key);
    } else if (!Long.valueOf(millis).equals(byKey.put(key, millis))) {
      earliest.add(new Deadline(millis, key));
    }
  }

  /** Keys whose deadline has come; they stay until {@link #set} with 0. */
  synchronized List<String> due(long nowMillis) {
    List<String> due = new ArrayList<>();
    for (Deadline first = earliest.peek();
        first != null && first.millis <= nowMillis;
        first = earliest.peek()) {
      earliest.remove();
      if (byKey.getOrDefault(first.key, 0L) == first.millis) {
        due.add(first.key);
      }
    }
    due.forEach(key -> earliest.add(new Deadline(of(key), key)));
    return due;
  }
}
