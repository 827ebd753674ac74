package io.bulwark.cluster.scheduler.framework;

import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.Map;

/** Tries to make room when no node fits. */
public interface PostFilter extends Plugin {
  /**
   * @param node for which room is made, or empty
   * @param message for the user, or empty
   */
  record Outcome(String node, String message) {}

  /**
   * @param refusals why each node was refused, by name
   */
  Outcome makeRoom(PodInfo pod, Snapshot cluster, Map<String, Verdict.Refused> refusals);
}
