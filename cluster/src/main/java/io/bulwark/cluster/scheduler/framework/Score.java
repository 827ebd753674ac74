package io.bulwark.cluster.scheduler.framework;

import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranks the nodes that a pod may have. */
public interface Score extends Plugin {
  /** The best score that a node can have. */
  long BEST = 100;

  /** How much this plug-in's word counts. */
  int weight();

  /**
   * Scores from 0 to {@link #BEST} in the order of the nodes, or null where the plug-in has no
   * preference.
   */
  long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster);
}
