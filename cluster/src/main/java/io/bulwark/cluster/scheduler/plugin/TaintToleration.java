package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.Score;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import io.bulwark.cluster.scheduler.model.Taint;
import io.bulwark.cluster.scheduler.model.Toleration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps pods off nodes whose taints they do not tolerate; rather off those with soft ones. */
public final class TaintToleration implements Filter, Score {
  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    for (Taint taint : node.taints()) {
      boolean hard =
          taint.effect().equals(Taint.NO_SCHEDULE) || taint.effect().equals(Taint.NO_EXECUTE);
      if (hard && !Toleration.anyTolerates(pod.tolerations(), taint)) {
        return Verdict.unresolvable("node(s) had untolerated taint " + taint);
      }
    }
    return Verdict.FITS;
  }

  @Override
  public int weight() {
    return 3;
  }

  @Override
  public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
    long[] scores = new long[nodes.size()];
    boolean any = false;
    for (int i = 0; i < scores.length; i++) {
      for (Taint taint : nodes.get(i).taints()) {
        if (taint.effect().equals(Taint.PREFER_NO_SCHEDULE)
            && !Toleration.anyTolerates(pod.tolerations(), taint)) {
          scores[i]++;
          any = true;
        }
      }
    }
    return any ? Scores.normalize(scores, true) : null;
  }
}
