package io.bulwark.cluster.scheduler;

import io.bulwark.cluster.scheduler.framework.Verdict;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says why a pod fits nowhere, in upstream's words. */
final class FitMessage {
  private FitMessage() {}

  /** {@code 0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.} */
  static String of(int nodes, Collection<Verdict.Refused> refusals) {
    if (nodes == 0) {
      return "no nodes available to schedule pods";
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (Verdict.Refused refused : refusals) {
      for (String reason : refused.reasons()) {
        counts.merge(reason, 1, Integer::sum);
      }
    }
    String reasons =
        counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .sorted()
            .collect(Collectors.joining(", "));
    return "0/" + nodes + " nodes are available:" + (reasons.isEmpty() ? "" : " " + reasons + ".");
  }
}
