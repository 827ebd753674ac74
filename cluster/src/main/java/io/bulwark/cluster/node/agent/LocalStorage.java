package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerUsage;
import io.bulwark.cluster.node.volume.PodVolumes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures what limited pods hold of the node's disk. For one thread. */
final class LocalStorage {
  private final ContainerRuntime runtime;
  private final PodVolumes volumes;
  private final SandboxSpecs sandboxes;

  LocalStorage(ContainerRuntime runtime, PodVolumes volumes, SandboxSpecs sandboxes) {
    this.runtime = runtime;
    this.volumes = volumes;
    this.sandboxes = sandboxes;
  }

  /** Pods that hold more than they may, by uid. */
  Map<String, Verdict> excesses(List<Tree> pods) throws IOException, InterruptedException {
    List<Tree> limited = pods.stream().filter(StorageLimits::limited).toList();
    Map<String, Verdict> excesses = new HashMap<>();
    if (limited.isEmpty()) {
      return excesses;
    }
    List<ContainerUsage> usages = runtime.usage();
    for (Tree pod : limited) {
      Verdict verdict = StorageLimits.check(pod, held(pod, usages));
      if (verdict != null) {
        excesses.put(Meta.uid(pod), verdict);
      }
    }
    return excesses;
  }

  private StorageLimits.Held held(Tree pod, List<ContainerUsage> usages)
      throws IOException, InterruptedException {
    Map<String, Long> directories = new HashMap<>();
    for (Tree volume : pod.trees("spec", "volumes")) {
      if (volume.has("emptyDir")) {
        String name = volume.textOrEmpty("name");
        directories.put(name, size(volumes.emptyDirectory(Meta.uid(pod), name)));
      }
    }
    Map<String, Long> containers = new HashMap<>();
    for (ContainerUsage usage : usages) {
      if (Meta.uid(pod).equals(usage.labels().get(SandboxSpecs.POD_UID))) {
        containers.merge(usage.name(), usage.writable(), Long::sum);
      }
    }
    for (Tree container : PodSpec.allContainers(pod)) {
      String name = container.textOrEmpty("name");
      containers.merge(name, size(sandboxes.logDirectory(pod).resolve(name)), Long::sum);
    }
    return new StorageLimits.Held(directories, containers);
  }

  /** Bytes on disk, which may be fewer than what the files seem to hold. */
  private static long size(Path directory) throws IOException, InterruptedException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    Process process =
        new ProcessBuilder("du", "-sx", "--block-size=1", directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(); // files that go meanwhile make it complain, and count no more
    @Nullable String first = line.isEmpty() ? null : line.split("\t", 2)[0];
    return first == null || !first.matches("\\d{1,18}") ? 0 : Long.parseLong(first);
  }
}
