package io.bulwark.cluster.scheduler;

import io.bulwark.cluster.scheduler.framework.PostFilter;
import io.bulwark.cluster.scheduler.framework.Verdict;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes room for a pod by ending pods of lower priority on one node: as few and as unimportant ones
 * as will do.
 *
 * <p>Source: kubernetes pkg/scheduler/framework/preemption and plugins/defaultpreemption.
 */
final class Preemption implements PostFilter {
  private static final Verdict.Refused NOT_HELPFUL =
      new Verdict.Refused(List.of("Preemption is not helpful for scheduling"), false);
  private static final Verdict.Refused NO_VICTIMS =
      new Verdict.Refused(List.of("No preemption victims found for incoming pod"), false);

  private static final Comparator<PodInfo> MORE_IMPORTANT =
      Comparator.comparingInt(PodInfo::priority)
          .reversed()
          .thenComparing(PodInfo::since)
          .thenComparing(PodInfo::uid);

  /** Ends a pod so that another can have its place. */
  @FunctionalInterface
  interface Evictor {
    void evict(PodInfo victim, PodInfo preemptor, String node);
  }

  private final Profile profile;
  private final Nominations nominations;
  private final Evictor evictor;
  private final RandomGenerator random;

  Preemption(Profile profile, Nominations nominations, Evictor evictor, RandomGenerator random) {
    this.profile = profile;
    this.nominations = nominations;
    this.evictor = evictor;
    this.random = random;
  }

  @Override
  public String name() {
    return "DefaultPreemption";
  }

  /**
   * @param victims most important first
   */
  private record Candidate(String node, List<PodInfo> victims) {
    int highest() {
      return victims.getFirst().priority();
    }

    long sum() {
      return victims.stream().mapToLong(v -> v.priority() + (1L << 31)).sum();
    }

    Instant latestStart() {
      return victims.stream()
          .filter(victim -> victim.priority() == highest())
          .map(PodInfo::since)
          .min(Comparator.naturalOrder())
          .orElse(Instant.EPOCH);
    }
  }

  @Override
  public Outcome makeRoom(PodInfo pod, Snapshot cluster, Map<String, Verdict.Refused> refusals) {
    if (!pod.preempts()) {
      return new Outcome("", "not eligible due to preemptionPolicy=Never.");
    }
    if (waitsForVictims(pod, cluster)) {
      return new Outcome("", "not eligible due to a terminating pod on the nominated node.");
    }
    Map<String, Verdict.Refused> failures = new HashMap<>();
    List<NodeInfo> possible = new ArrayList<>();
    for (NodeInfo node : cluster.nodes()) {
      Verdict.Refused refused = refusals.get(node.name());
      if (refused != null && refused.resolvable()) {
        possible.add(node);
      } else {
        failures.put(node.name(), NOT_HELPFUL);
      }
    }
    List<Candidate> candidates = candidates(pod, cluster, possible, failures);
    if (candidates.isEmpty()) {
      return new Outcome("", FitMessage.of(cluster.nodes().size(), failures.values()));
    }
    Candidate chosen =
        candidates.stream()
            .min(
                Comparator.comparingInt(Candidate::highest)
                    .thenComparingLong(Candidate::sum)
                    .thenComparingInt(candidate -> candidate.victims().size())
                    .thenComparing(Candidate::latestStart, Comparator.reverseOrder()))
            .orElseThrow();
    for (PodInfo victim : chosen.victims()) {
      evictor.evict(victim, pod, chosen.node());
    }
    return new Outcome(chosen.node(), "");
  }

  /** Whether room is still being made by an earlier preemption. */
  private boolean waitsForVictims(PodInfo pod, Snapshot cluster) {
    String nominated = nominations.nodeOf(pod.uid());
    NodeInfo node = nominated.isEmpty() ? null : cluster.node(nominated);
    return node != null
        && node.pods().stream()
            .anyMatch(other -> other.terminating() && other.priority() < pod.priority());
  }

  private List<Candidate> candidates(
      PodInfo pod,
      Snapshot cluster,
      List<NodeInfo> possible,
      Map<String, Verdict.Refused> failures) {
    List<Candidate> found = new ArrayList<>();
    int wanted = Math.max(100, possible.size() / 10);
    int offset = possible.isEmpty() ? 0 : random.nextInt(possible.size());
    for (int i = 0; i < possible.size() && found.size() < wanted; i++) {
      NodeInfo node = possible.get((offset + i) % possible.size());
      Candidate candidate = candidate(pod, cluster, node, failures);
      if (candidate != null) {
        found.add(candidate);
      }
    }
    return found;
  }

  private @Nullable Candidate candidate(
      PodInfo pod, Snapshot cluster, NodeInfo node, Map<String, Verdict.Refused> failures) {
    List<PodInfo> lesser =
        node.pods().stream()
            .filter(other -> other.priority() < pod.priority())
            .sorted(MORE_IMPORTANT)
            .toList();
    if (lesser.isEmpty()) {
      failures.put(node.name(), NO_VICTIMS);
      return null;
    }
    NodeInfo left = node;
    for (PodInfo victim : lesser) {
      left = left.minus(victim.uid());
    }
    if (verdict(pod, cluster, left) instanceof Verdict.Refused refused) {
      failures.put(node.name(), refused);
      return null;
    }
    List<PodInfo> victims = new ArrayList<>();
    for (PodInfo spared : lesser) {
      NodeInfo with = left.plus(spared);
      if (verdict(pod, cluster, with) instanceof Verdict.Fits) {
        left = with;
      } else {
        victims.add(spared);
      }
    }
    return victims.isEmpty() ? null : new Candidate(node.name(), victims);
  }

  private Verdict verdict(PodInfo pod, Snapshot cluster, NodeInfo node) {
    NodeInfo fuller = nominations.with(node, pod);
    return profile.filter(profile.prepare(pod, cluster.with(fuller)), pod, fuller, new HashSet<>());
  }
}
