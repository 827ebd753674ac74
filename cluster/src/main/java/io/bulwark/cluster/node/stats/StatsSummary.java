package io.bulwark.cluster.node.stats;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerUsage;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code stats/v1alpha1 Summary} of a node. */
public final class StatsSummary {
  private static final long NANOSECONDS_A_TICK = 10_000_000;

  private final String node;
  private final ContainerRuntime runtime;
  private final Path directory;
  private final InstantSource clock;

  /**
   * @param directory of the node's volumes, whose file system is the node's
   */
  public StatsSummary(String node, ContainerRuntime runtime, Path directory, InstantSource clock) {
    this.node = node;
    this.runtime = runtime;
    this.directory = directory;
    this.clock = clock;
  }

  public Tree of(List<Tree> pods) {
    Map<String, List<ContainerUsage>> usages = new HashMap<>();
    for (ContainerUsage usage : runtime.usage()) {
      usages
          .computeIfAbsent(
              usage.labels().getOrDefault("io.kubernetes.pod.uid", ""), uid -> new ArrayList<>())
          .add(usage);
    }
    TreeList list = new TreeList();
    for (Tree pod : pods) {
      list.add(pod(pod, usages.getOrDefault(Meta.uid(pod), List.of())));
    }
    return Tree.of("node", node(), "pods", list);
  }

  private static Tree pod(Tree pod, List<ContainerUsage> usages) {
    TreeList containers = new TreeList();
    long cpu = 0;
    long memory = 0;
    for (ContainerUsage usage : usages) {
      cpu += usage.cpuNanoseconds();
      memory += usage.workingSet();
      containers.add(
          Tree.of(
              "cpu",
                  Tree.of(
                      "time", Timestamps.seconds(usage.at()),
                      "usageCoreNanoSeconds", usage.cpuNanoseconds()),
              "memory",
                  Tree.of(
                      "time", Timestamps.seconds(usage.at()),
                      "usageBytes", usage.memory(),
                      "workingSetBytes", usage.workingSet()),
              "name", usage.name(),
              "rootfs",
                  Tree.of(
                      "inodesUsed", usage.writableInodes(),
                      "time", Timestamps.seconds(usage.at()),
                      "usedBytes", usage.writable())));
    }
    Tree stats =
        Tree.of(
            "containers",
            containers,
            "podRef",
            Tree.of(
                "name", Meta.name(pod), "namespace", Meta.namespace(pod), "uid", Meta.uid(pod)));
    if (!usages.isEmpty()) {
      String time = Timestamps.seconds(usages.getFirst().at());
      stats.put("cpu", Tree.of("time", time, "usageCoreNanoSeconds", cpu));
      stats.put("memory", Tree.of("time", time, "workingSetBytes", memory));
    }
    String started = pod.text("status", "startTime");
    if (started != null) {
      stats.put("startTime", started);
    }
    return stats;
  }

  private Tree node() {
    String now = Timestamps.seconds(clock.instant());
    long total = memory("MemTotal:");
    long available = memory("MemAvailable:");
    return Tree.of(
        "cpu", Tree.of("time", now, "usageCoreNanoSeconds", processorTime()),
        "fs", fileSystem(now),
        "memory",
            Tree.of(
                "availableBytes",
                available,
                "time",
                now,
                "usageBytes",
                total - available,
                "workingSetBytes",
                total - available),
        "nodeName", node);
  }

  private Tree fileSystem(String now) {
    Tree stats = Tree.of("time", now);
    try {
      FileStore store = Files.getFileStore(directory);
      stats.put("availableBytes", store.getUsableSpace());
      stats.put("capacityBytes", store.getTotalSpace());
      stats.put("usedBytes", store.getTotalSpace() - store.getUnallocatedSpace());
    } catch (IOException unreadable) {
      // Told without figures.
    }
    return stats;
  }

  private static long processorTime() {
    for (String line : lines("/proc/stat")) {
      if (line.startsWith("cpu ")) {
        String[] ticks = line.strip().split("\\s+");
        long busy = 0;
        for (int i = 1; i < Math.min(ticks.length, 9); i++) {
          busy += i == 4 || i == 5 ? 0 : Long.parseLong(ticks[i]);
        }
        return busy * NANOSECONDS_A_TICK;
      }
    }
    return 0;
  }

  private static long memory(String field) {
    for (String line : lines("/proc/meminfo")) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return 0;
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
