package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.Score;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds pods to their node selector and node affinity. */
public final class NodeAffinity implements Filter, Score {
  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    return pod.selects(node)
        ? Verdict.FITS
        : Verdict.unresolvable("node(s) didn't match Pod's node affinity/selector");
  }

  @Override
  public int weight() {
    return 2;
  }

  @Override
  public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
    if (pod.preferences().isEmpty()) {
      return null;
    }
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      for (PodInfo.NodePreference preference : pod.preferences()) {
        if (preference.term().matches(nodes.get(i))) {
          scores[i] += preference.weight();
        }
      }
    }
    return Scores.normalize(scores, false);
  }
}
