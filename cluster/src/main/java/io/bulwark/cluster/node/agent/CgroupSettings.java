package io.bulwark.cluster.node.agent;

import io.bulwark.cluster.node.pod.PodResources;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is written into the files of a control group: by version 2's names in its one hierarchy, by
 * {@code controller/file} in those of version 1. Pure.
 *
 * <p>Source: kernel documentation, cgroup-v1 and cgroup-v2; kubernetes.io/docs/concepts/
 * architecture/cgroups.
 */
final class CgroupSettings {
  static final long PERIOD = 100_000;
  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;

  private CgroupSettings() {}

  /** Version 2's files of a pod's group. */
  static Map<String, String> unified(PodResources pod) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("cpu.weight", Long.toString(weight(shares(pod))));
    files.put("cpu.max", quota(pod, "max") + " " + PERIOD);
    files.put("memory.max", pod.memoryLimit() == null ? "max" : pod.memoryLimit().toString());
    return files;
  }

  /** Version 1's files of a pod's group. */
  static Map<String, String> separate(PodResources pod) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("cpu/cpu.shares", Long.toString(shares(pod)));
    files.put("cpu/cpu.cfs_period_us", Long.toString(PERIOD));
    files.put("cpu/cpu.cfs_quota_us", quota(pod, "-1"));
    files.put(
        "memory/memory.limit_in_bytes",
        pod.memoryLimit() == null ? "-1" : pod.memoryLimit().toString());
    return files;
  }

  /** The share of all pods of a class together, in either version. */
  static Map<String, String> ofClass(long milliProcessors, boolean unified) {
    long shares = shares(milliProcessors);
    return unified
        ? Map.of("cpu.weight", Long.toString(weight(shares)))
        : Map.of("cpu/cpu.shares", Long.toString(shares));
  }

  private static long shares(PodResources pod) {
    return pod.qosClass().equals("BestEffort") ? LEAST_SHARES : shares(pod.cpuRequest());
  }

  static long shares(long milliProcessors) {
    return Math.clamp(milliProcessors * 1024 / 1000, LEAST_SHARES, MOST_SHARES);
  }

  /** 2 to 262144 shares as a weight from 1 to 10000. */
  static long weight(long shares) {
    return 1 + (shares - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
  }

  private static String quota(PodResources pod, String unbounded) {
    return pod.cpuLimit() == null ? unbounded : Long.toString(quota(pod.cpuLimit()));
  }

  /** Of {@link #PERIOD}. */
  static long quota(long milliProcessors) {
    return Math.max(1000, milliProcessors * PERIOD / 1000);
  }
}
