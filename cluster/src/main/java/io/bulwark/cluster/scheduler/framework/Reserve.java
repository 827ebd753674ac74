package io.bulwark.cluster.scheduler.framework;

import io.bulwark.cluster.scheduler.model.PodInfo;

/** Keeps what a pod needs of a node until it is bound. */
public interface Reserve extends Plugin {
  void reserve(PodInfo pod, String node);

  /** The pod will not be bound after all. */
  void unreserve(PodInfo pod, String node);
}
