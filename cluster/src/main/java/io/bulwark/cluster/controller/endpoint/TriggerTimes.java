package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the oldest change happened that the next write of a Service's endpoints will show; lets
 * operators measure how long changes take. Thread-safe.
 */
final class TriggerTimes {
  private final Map<String, Map<String, Instant>> known = new HashMap<>();

  /** The time of the oldest change since the last call for this Service, or null. */
  synchronized @Nullable Instant next(Tree service, List<Tree> pods) {
    Map<String, Instant> before = known.get(Meta.key(service));
    Map<String, Instant> now = new HashMap<>();
    Instant oldest = null;
    for (Tree pod : pods) {
      Instant time = changed(pod);
      if (time == null) {
        continue;
      }
      now.put(Meta.uid(pod), time);
      Instant seen = before == null ? null : before.get(Meta.uid(pod));
      if ((seen == null || time.isAfter(seen)) && (oldest == null || time.isBefore(oldest))) {
        oldest = time;
      }
    }
    Instant created = Timestamps.parse(service.text("metadata", "creationTimestamp"));
    if (before == null && created != null && (oldest == null || created.isBefore(oldest))) {
      oldest = created;
    }
    known.put(Meta.key(service), now);
    return oldest;
  }

  synchronized void forget(String service) {
    known.remove(service);
  }

  private static @Nullable Instant changed(Tree pod) {
    Tree ready = Conditions.find(pod, "Ready");
    return ready == null ? null : Timestamps.parse(ready.text("lastTransitionTime"));
  }
}
