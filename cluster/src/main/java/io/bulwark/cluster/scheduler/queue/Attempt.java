package io.bulwark.cluster.scheduler.queue;

import io.bulwark.cluster.scheduler.model.PodInfo;
import java.time.Instant;
import java.util.Set;

/**
 * A pod that waits for a node, with what is known of earlier tries.
 *
 * @param since when it began to wait
 * @param tries so far
 * @param lastTry when the last one ended
 * @param refusedBy the plug-ins that refused nodes in the last one
 */
public record Attempt(
    PodInfo pod, Instant since, int tries, Instant lastTry, Set<String> refusedBy) {
  public Attempt {
    refusedBy = Set.copyOf(refusedBy);
  }

  Attempt with(PodInfo newer) {
    return new Attempt(newer, since, tries, lastTry, refusedBy);
  }

  Attempt tried() {
    return new Attempt(pod, since, tries + 1, lastTry, refusedBy);
  }

  Attempt refused(Set<String> plugins, Instant now) {
    return new Attempt(pod, since, tries, now, plugins);
  }
}
