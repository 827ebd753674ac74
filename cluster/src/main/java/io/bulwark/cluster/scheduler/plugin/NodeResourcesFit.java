package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.CycleState;
import io.bulwark.cluster.scheduler.framework.Filter;
import io.bulwark.cluster.scheduler.framework.Score;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.Amounts;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node must have what the pod asks for; the emptier node is the better one. */
public final class NodeResourcesFit implements Filter, Score {
  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Verdict filter(CycleState state, PodInfo pod, NodeInfo node) {
    Amounts wanted = pod.requests();
    Amounts has = node.allocatable();
    Amounts taken = node.requested();
    boolean crowded = node.pods().size() + 1 > node.podLimit();
    if (!crowded
        && fits(wanted.cpu(), has.cpu(), taken.cpu())
        && fits(wanted.memory(), has.memory(), taken.memory())
        && fits(wanted.storage(), has.storage(), taken.storage())
        && wanted.others().isEmpty()) {
      return Verdict.FITS;
    }
    Lack lack = new Lack();
    if (crowded) {
      lack.reasons.add("Too many pods");
    }
    lack.check("cpu", wanted.cpu(), has.cpu(), taken.cpu());
    lack.check("memory", wanted.memory(), has.memory(), taken.memory());
    lack.check("ephemeral-storage", wanted.storage(), has.storage(), taken.storage());
    for (Map.Entry<String, Long> other : wanted.others().entrySet()) {
      lack.check(
          other.getKey(),
          other.getValue(),
          has.others().getOrDefault(other.getKey(), 0L),
          taken.others().getOrDefault(other.getKey(), 0L));
    }
    return lack.reasons.isEmpty()
        ? Verdict.FITS
        : new Verdict.Refused(lack.reasons, lack.resolvable);
  }

  private static boolean fits(long wanted, long has, long taken) {
    return wanted == 0 || wanted <= has - taken;
  }

  private static final class Lack {
    private final List<String> reasons = new ArrayList<>();
    private boolean resolvable = true;

    private void check(String name, long wanted, long has, long taken) {
      if (!fits(wanted, has, taken)) {
        reasons.add("Insufficient " + name);
        resolvable &= wanted <= has;
      }
    }
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      NodeInfo node = nodes.get(i);
      Amounts has = node.allocatable();
      Amounts then = node.assumed();
      scores[i] =
          (free(has.cpu(), then.cpu() + pod.assumedRequests().cpu())
                  + free(has.memory(), then.memory() + pod.assumedRequests().memory()))
              / 2;
    }
    return scores;
  }

  private static long free(long has, long taken) {
    return has == 0 || taken > has ? 0 : (has - taken) * BEST / has;
  }
}
