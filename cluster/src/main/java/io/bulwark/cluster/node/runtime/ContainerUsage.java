package io.bulwark.cluster.node.runtime;

import java.time.Instant;
import java.util.Map;

/**
 * What a container uses.
 *
 * @param cpuNanoseconds of processor time since it started
 * @param workingSet bytes of memory that cannot be reclaimed
 * @param memory bytes of memory
 * @param writable bytes in its writable layer
 */
public record ContainerUsage(
    String id,
    String name,
    Map<String, String> labels,
    Instant at,
    long cpuNanoseconds,
    long workingSet,
    long memory,
    long writable,
    long writableInodes) {
  public ContainerUsage {
    labels = Map.copyOf(labels);
  }
}
