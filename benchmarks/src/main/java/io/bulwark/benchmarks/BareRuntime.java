package io.bulwark.benchmarks;

import io.bulwark.cluster.image.build.ImageBuilder;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.network.pod.CniConfiguration;
import io.bulwark.cluster.node.containerd.ContainerdConfiguration;
import io.bulwark.cluster.node.containerd.ContainerdProcess;
import io.bulwark.cluster.node.image.ImageStore;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerSpec;
import io.bulwark.cluster.node.runtime.Limits;
import io.bulwark.cluster.node.runtime.Namespaces;
import io.bulwark.cluster.node.runtime.SandboxSpec;
import io.bulwark.cluster.node.runtime.Seccomp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A containerd without a cluster: what a pod costs when nobody manages it. */
final class BareRuntime implements AutoCloseable {
  private static final Limits NO_LIMITS = Limits.NONE;

  private final Path directory;
  private final ContainerdProcess process;
  private final ContainerRuntime runtime;
  private final String image;

  BareRuntime(Path directory, Path rootfs, String name) throws Exception {
    this.directory = directory;
    ContainerdConfiguration configuration = ContainerdConfiguration.in(directory);
    new CniConfiguration("10.253.0.0/22", directory.resolve("addresses"), 1450)
        .write(configuration.networkConfigurations());
    process = new ContainerdProcess(configuration);
    process.start();
    runtime = ContainerRuntime.at(process.socket());
    ImageStore store = new ImageStore(runtime.images(), process.socket(), process.snapshotter());
    store.addPause(configuration.pauseImage());
    Path archive = directory.resolve("image.tar");
    ImageBuilder.build(
        rootfs, Reference.of(name), ImageConfiguration.running("sleep", "3600"), archive);
    store.add(archive);
    image =
        runtime.images().list().stream()
            .filter(found -> found.tags().contains(name))
            .findFirst()
            .orElseThrow()
            .id();
  }

  /** Sandbox, network and one container, as CRI makes them; returns when the process runs. */
  void startPod(String name) {
    Path logs = directory.resolve("logs").resolve(name);
    try {
      Files.createDirectories(logs.resolve("main"));
    } catch (java.io.IOException unwritable) {
      throw new java.io.UncheckedIOException(unwritable);
    }
    SandboxSpec sandbox =
        new SandboxSpec(
            "bench",
            name,
            "uid-" + name,
            0,
            name,
            logs,
            new SandboxSpec.Resolver(List.of(), List.of(), List.of()),
            List.of(),
            Map.of(),
            Map.of(),
            "/bulwark-bench/" + name,
            Map.of(),
            Namespaces.OWN,
            false,
            new Seccomp.RuntimeDefault(),
            null,
            null,
            List.of());
    String id = runtime.runSandbox(sandbox);
    runtime.startContainer(runtime.createContainer(id, container(), sandbox));
  }

  private ContainerSpec container() {
    return new ContainerSpec(
        "main",
        0,
        image,
        image,
        List.of(),
        List.of(),
        "",
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        "main/0.log",
        false,
        false,
        false,
        NO_LIMITS,
        new ContainerSpec.Confinement(
            false,
            List.of(),
            List.of(),
            null,
            null,
            "",
            List.of(),
            false,
            false,
            List.of(),
            List.of(),
            new Seccomp.RuntimeDefault(),
            Namespaces.OWN));
  }

  void removePods() {
    runtime
        .sandboxes()
        .forEach(
            sandbox -> {
              runtime.stopSandbox(sandbox.id());
              runtime.removeSandbox(sandbox.id());
            });
  }

  @Override
  public void close() throws Exception {
    removePods();
    runtime.close();
    process.stop();
  }
}
