package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.Score;
import io.bulwark.cluster.scheduler.model.Amounts;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Better the node on which processors and memory fill up evenly. */
public final class BalancedAllocation implements Score {
  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
    Amounts wanted = pod.requests();
    if (wanted.cpu() == 0 && wanted.memory() == 0) {
      return null;
    }
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      NodeInfo node = nodes.get(i);
      double cpu = share(node.allocatable().cpu(), node.requested().cpu() + wanted.cpu());
      double memory =
          share(node.allocatable().memory(), node.requested().memory() + wanted.memory());
      scores[i] = (long) ((1 - Math.abs(cpu - memory) / 2) * BEST);
    }
    return scores;
  }

  private static double share(long has, long taken) {
    return has == 0 ? 1 : Math.min(1, (double) taken / has);
  }
}
