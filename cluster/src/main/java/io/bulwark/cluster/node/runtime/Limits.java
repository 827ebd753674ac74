package io.bulwark.cluster.node.runtime;

/**
 * What a container may use; zero leaves a value to the kernel.
 *
 * @param cpuShares relative weight, 2 to 262144
 * @param cpuQuota microseconds in each period
 * @param cpuPeriod microseconds
 * @param memory bytes
 * @param oomScoreAdjustment -1000 to 1000
 */
public record Limits(
    long cpuShares, long cpuQuota, long cpuPeriod, long memory, long oomScoreAdjustment) {
  public static final Limits NONE = new Limits(0, 0, 0, 0, 0);
}
