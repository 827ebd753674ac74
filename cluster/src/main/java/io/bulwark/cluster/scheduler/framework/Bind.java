package io.bulwark.cluster.scheduler.framework;

import io.bulwark.cluster.scheduler.model.PodInfo;

/** Tells the API server where a pod goes. */
public interface Bind extends Plugin {
  /**
   * @throws RuntimeException if the server refuses; the pod then waits again
   */
  void bind(PodInfo pod, String node);
}
