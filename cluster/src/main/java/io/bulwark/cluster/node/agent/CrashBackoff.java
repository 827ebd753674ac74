package io.bulwark.cluster.node.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How long a container that ended waits before it is started again: not at all the first time, then
 * 10 seconds, doubling up to 5 minutes; forgotten after it ran for 10 minutes.
 *
 * <p>Not thread-safe. Source: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle.
 */
public final class CrashBackoff {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private record Entry(Duration length, Instant used) {}

  private final Map<String, Entry> entries = new HashMap<>();

  /**
   * What is left to wait.
   *
   * @param ended when the container ended
   */
  public Duration left(String container, Instant ended, Instant now) {
    Entry entry = entries.get(container);
    if (entry == null || Duration.between(entry.used, ended).compareTo(FORGOTTEN) > 0) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(now, ended.plus(entry.length));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /**
   * Takes over a container that an earlier agent restarted, unless it ran well for long: it waits
   * as after so many restarts in a row.
   */
  public void adopt(String container, int restarts, Instant started, Instant ended) {
    boolean ranWell = Duration.between(started, ended).compareTo(FORGOTTEN) > 0;
    if (restarts > 0 && !ranWell && !entries.containsKey(container)) {
      Duration length = FIRST;
      for (int i = 1; i < restarts && length.compareTo(LONGEST) < 0; i++) {
        length = length.multipliedBy(2);
      }
      entries.put(container, new Entry(length.compareTo(LONGEST) < 0 ? length : LONGEST, started));
    }
  }

  /** The length of the present wait. */
  public Duration length(String container) {
    Entry entry = entries.get(container);
    return entry == null ? Duration.ZERO : entry.length;
  }

  /** Notes a start after an end; the next wait is longer. */
  public void restarted(String container, Instant ended, Instant now) {
    Entry entry = entries.get(container);
    if (entry == null || Duration.between(entry.used, ended).compareTo(FORGOTTEN) > 0) {
      entries.put(container, new Entry(FIRST, now));
      return;
    }
    Duration doubled = entry.length.multipliedBy(2);
    entries.put(container, new Entry(doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST, now));
  }
}
