package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.PodSecurityCheck.Pod;
import io.bulwark.cluster.apiserver.admission.PodSecurityCheck.Violation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All controls of all levels. */
final class PodSecurityStandards {
  private static final List<PodSecurityCheck> BASELINE = BaselineChecks.all();
  private static final List<PodSecurityCheck> RESTRICTED = restricted();

  private PodSecurityStandards() {}

  /**
   * What a pod breaks, as upstream lists it; empty for nothing.
   *
   * @param pod a pod or a pod template
   */
  static String violations(PodSecurityPolicy policy, Tree pod) {
    return found(policy, pod).map(Violation::toString).collect(Collectors.joining(", "));
  }

  /** The same without saying where in the pod. */
  static String reasons(PodSecurityPolicy policy, Tree pod) {
    return found(policy, pod).map(Violation::reason).collect(Collectors.joining(", "));
  }

  private static Stream<Violation> found(PodSecurityPolicy policy, Tree pod) {
    Pod subject = new Pod(pod.treeOrEmpty("metadata"), pod.treeOrEmpty("spec"), policy.minor());
    List<PodSecurityCheck> checks =
        switch (policy.level()) {
          case PRIVILEGED -> List.of();
          case BASELINE -> BASELINE;
          case RESTRICTED -> RESTRICTED;
        };
    return checks.stream().flatMap(check -> Stream.ofNullable(check.rule().apply(subject)));
  }

  private static List<PodSecurityCheck> restricted() {
    List<PodSecurityCheck> own = RestrictedChecks.all();
    Set<String> replaced =
        own.stream().map(PodSecurityCheck::replaces).collect(Collectors.toUnmodifiableSet());
    return Stream.concat(
            BASELINE.stream().filter(check -> !replaced.contains(check.id())), own.stream())
        .toList();
  }
}
