package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The control groups of pods: {@code /kubepods[/burstable|/besteffort]/podUID}, with version 1 or 2
 * of cgroups.
 */
public final class PodCgroup {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final long PERIOD = 100_000;

  private PodCgroup() {}

  /** The parent of a pod's containers in the hierarchy. */
  public static String parent(Tree pod) {
    String quality = PodSpec.qosClass(pod).toLowerCase(Locale.ROOT);
    String middle = quality.equals("guaranteed") ? "" : "/" + quality;
    return "/kubepods" + middle + "/pod" + Meta.uid(pod);
  }

  /**
   * A container's limits.
   *
   * @param memory of the whole node in bytes
   */
  public static Limits limits(Tree pod, Tree container, long memory) {
    Quantity cpuRequest = PodSpec.quantity(container, "requests", "cpu");
    Quantity cpuLimit = PodSpec.quantity(container, "limits", "cpu");
    Quantity memoryLimit = PodSpec.quantity(container, "limits", "memory");
    return new Limits(
        shares(cpuRequest),
        quota(cpuLimit),
        PERIOD,
        memoryLimit == null ? 0 : memoryLimit.value(),
        oomScore(pod, container, memory));
  }

  private static long shares(@Nullable Quantity request) {
    long milli = request == null ? 0 : request.milliValue();
    return Math.clamp(milli * 1024 / 1000, 2, 262_144);
  }

  private static long quota(@Nullable Quantity limit) {
    return limit == null || limit.isZero() ? 0 : Math.max(1000, limit.milliValue() * PERIOD / 1000);
  }

  private static long oomScore(Tree pod, Tree container, long memory) {
    return switch (PodSpec.qosClass(pod)) {
      case "Guaranteed" -> -997;
      case "BestEffort" -> 1000;
      default -> {
        Quantity request = PodSpec.quantity(container, "requests", "memory");
        long share = request == null ? 0 : 1000 * request.value() / Math.max(1, memory);
        yield Math.clamp(1000 - share, 3, 999);
      }
    };
  }

  /** Removes the groups that a pod leaves when its containers are gone. */
  public static void remove(Tree pod) {
    String parent = parent(pod).substring(1);
    for (Path hierarchy : hierarchies()) {
      Path group = hierarchy.resolve(parent);
      if (Files.isDirectory(group)) {
        try (Stream<Path> below = Files.walk(group)) {
          for (Path path : below.filter(Files::isDirectory).toList().reversed()) {
            Files.deleteIfExists(path);
          }
        } catch (IOException | java.io.UncheckedIOException busy) {
          System.getLogger(PodCgroup.class.getName())
              .log(System.Logger.Level.DEBUG, "cgroup {0} stays: {1}", group, busy.getMessage());
        }
      }
    }
  }

  private static List<Path> hierarchies() {
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
      return List.of(ROOT);
    }
    try (Stream<Path> controllers = Files.list(ROOT)) {
      return controllers.filter(path -> Files.isDirectory(path)).toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}
