package io.bulwark.cluster.controller;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the controllers of a cluster work.
 *
 * @param rootCa gives the cluster's present CA certificates as PEM, published in every namespace;
 *     called often and by several threads
 * @param podRange from which nodes get their pod addresses, such as {@code 10.244.0.0/16}; null
 *     when nodes bring their own
 * @param nodePrefix the length of one node's part of the pod range, such as 24
 * @param nodeGrace how long a node may be silent before its state counts as unknown
 * @param rediscovery how often the garbage collector asks which resources are served
 * @param terminatedPods how many ended pods are kept before the oldest are deleted
 * @param selection which controllers run
 * @param workers how many objects one controller works on at once
 */
public record ControllersConfiguration(
    Supplier<String> rootCa,
    @Nullable String podRange,
    int nodePrefix,
    Duration nodeGrace,
    Duration rediscovery,
    int terminatedPods,
    ControllerSelection selection,
    int workers,
    InstantSource clock) {

  public ControllersConfiguration {
    if (nodePrefix < 8 || nodePrefix > 128) {
      throw new IllegalArgumentException("nodePrefix must be 8 to 128");
    }
    if (nodeGrace.isNegative() || nodeGrace.isZero()) {
      throw new IllegalArgumentException("nodeGrace must be positive");
    }
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1");
    }
  }

  /** Upstream's defaults where it has one; pod range 10.244.0.0/16 with a /24 for each node. */
  public static ControllersConfiguration defaults(Supplier<String> rootCa) {
    return new ControllersConfiguration(
        rootCa,
        "10.244.0.0/16",
        24,
        Duration.ofSeconds(40),
        Duration.ofSeconds(30),
        12_500,
        ControllerSelection.DEFAULT,
        5,
        InstantSource.system());
  }

  public ControllersConfiguration withPodRange(String range) {
    return with(range, selection);
  }

  public ControllersConfiguration withSelection(ControllerSelection wanted) {
    return with(podRange, wanted);
  }

  private ControllersConfiguration with(@Nullable String range, ControllerSelection wanted) {
    return new ControllersConfiguration(
        rootCa, range, nodePrefix, nodeGrace, rediscovery, terminatedPods, wanted, workers, clock);
  }
}
