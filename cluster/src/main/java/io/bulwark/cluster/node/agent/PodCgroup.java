package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodResources;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The control groups of pods: {@code /kubepods[/burstable|/besteffort]/podUID}, with version 1 or 2
 * of cgroups.
 */
public final class PodCgroup {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final System.Logger LOG = System.getLogger(PodCgroup.class.getName());

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
        CgroupSettings.PERIOD,
        memoryLimit == null ? 0 : memoryLimit.value(),
        oomScore(pod, container, memory));
  }

  private static long shares(@Nullable Quantity request) {
    long milli = request == null ? 0 : request.milliValue();
    return CgroupSettings.shares(milli);
  }

  private static long quota(@Nullable Quantity limit) {
    return limit == null || limit.isZero() ? 0 : CgroupSettings.quota(limit.milliValue());
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

  /**
   * Makes the groups of a pod and of its class, and bounds the pod's.
   *
   * @param loosen only widens the pod's bounds, as is needed before its containers get more
   */
  public static void apply(Tree pod, boolean loosen) throws IOException {
    PodResources resources = PodResources.of(pod);
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
      Path group = makeUnified(parent(pod).substring(1));
      write(group, CgroupSettings.unified(resources), loosen);
      return;
    }
    for (String controller : new String[] {"cpu", "memory", "pids"}) {
      Path hierarchy = ROOT.resolve(controller);
      if (Files.isDirectory(hierarchy)) {
        Files.createDirectories(hierarchy.resolve(parent(pod).substring(1)));
      }
    }
    Map<String, String> files = new LinkedHashMap<>();
    CgroupSettings.separate(resources)
        .forEach(
            (file, value) ->
                files.put(file.replaceFirst("/", parent(pod).replace("$", "\\$") + "/"), value));
    write(ROOT, files, loosen);
  }

  /** Gives the pods of a class together the share that they asked for together. */
  public static void applyClass(String qosClass, long milliProcessors) throws IOException {
    String name = "kubepods/" + qosClass.toLowerCase(Locale.ROOT);
    boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
    if (unified) {
      write(makeUnified(name), CgroupSettings.ofClass(milliProcessors, true), false);
    } else if (Files.isDirectory(ROOT.resolve("cpu"))) {
      Files.createDirectories(ROOT.resolve("cpu").resolve(name));
      Map<String, String> files = new LinkedHashMap<>();
      CgroupSettings.ofClass(milliProcessors, false)
          .forEach((file, value) -> files.put(file.replaceFirst("/", "/" + name + "/"), value));
      write(ROOT, files, false);
    }
  }

  /** In version 2 every group above must pass the controllers on. */
  private static Path makeUnified(String name) throws IOException {
    Path group = ROOT;
    for (String part : name.split("/", -1)) {
      for (String controller : new String[] {"cpu", "memory", "pids", "cpuset", "io"}) {
        try {
          Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
        } catch (IOException missing) {
          LOG.log(System.Logger.Level.DEBUG, "{0}: no {1}", group, controller);
        }
      }
      group = group.resolve(part);
      Files.createDirectories(group);
    }
    return group;
  }

  private static void write(Path group, Map<String, String> files, boolean loosen)
      throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = group.resolve(file.getKey());
      if (Files.exists(path) && !(loosen && tighter(path, file.getValue()))) {
        Files.writeString(path, file.getValue());
      }
    }
  }

  private static boolean tighter(Path path, String value) throws IOException {
    long now = bound(Files.readString(path));
    return bound(value) < now;
  }

  private static long bound(String value) {
    String first = value.strip().split(" ", 2)[0];
    return first.equals("max") || first.equals("-1") ? Long.MAX_VALUE : Long.parseLong(first);
  }

  /** Removes the groups that a pod leaves when its containers are gone. */
  public static void remove(Tree pod) {
    remove(Meta.uid(pod));
  }

  /** The same of a pod that is only known to the runtime. */
  static void remove(String uid) {
    for (Path hierarchy : hierarchies()) {
      for (String quality : new String[] {"", "burstable", "besteffort"}) {
        removeGroup(hierarchy.resolve("kubepods").resolve(quality).resolve("pod" + uid));
      }
    }
  }

  private static void removeGroup(Path group) {
    if (Files.isDirectory(group)) {
      try (Stream<Path> below = Files.walk(group)) {
        for (Path path : below.filter(Files::isDirectory).toList().reversed()) {
          Files.deleteIfExists(path);
        }
      } catch (IOException | java.io.UncheckedIOException busy) {
        LOG.log(System.Logger.Level.DEBUG, "cgroup {0} stays: {1}", group, busy.getMessage());
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
