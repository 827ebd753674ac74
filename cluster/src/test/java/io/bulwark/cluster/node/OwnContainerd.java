package io.bulwark.cluster.node;

import io.bulwark.cluster.image.build.ImageBuilder;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.node.containerd.ContainerdConfiguration;
import io.bulwark.cluster.node.containerd.ContainerdProcess;
import io.bulwark.cluster.node.image.ImageStore;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.SandboxState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A real containerd in a directory of its own, with a pod network and a busybox image. */
public final class OwnContainerd implements AutoCloseable {
  public static final String BUSYBOX = "registry.bulwark.local/busybox:1";

  private final Path directory;
  private final ContainerdProcess process;
  private final ContainerRuntime runtime;
  private final ImageStore images;
  private final String pause;

  private OwnContainerd() throws IOException, InterruptedException {
    directory = Files.createTempDirectory("bulwark-node");
    ContainerdConfiguration configuration =
        ContainerdConfiguration.in(directory.resolve("containerd"));
    writeNetwork(configuration.networkConfigurations());
    process = new ContainerdProcess(configuration);
    try {
      process.start();
      runtime = ContainerRuntime.at(process.socket());
      images = new ImageStore(runtime.images(), process.socket(), process.snapshotter());
    } catch (IOException | InterruptedException | RuntimeException failed) {
      process.stop();
      throw failed;
    }
    pause = configuration.pauseImage();
  }

  public static OwnContainerd start() throws IOException, InterruptedException {
    OwnContainerd started = new OwnContainerd();
    try {
      started.addImages();
      return started;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      started.close();
      throw failed;
    }
  }

  private void addImages() throws IOException, InterruptedException {
    images.addPause(pause);
    Path archive = directory.resolve("busybox.tar");
    buildBusybox(archive);
    images.add(archive);
  }

  public Path directory() {
    return directory;
  }

  public ContainerdProcess process() {
    return process;
  }

  public ContainerRuntime runtime() {
    return runtime;
  }

  public ImageStore images() {
    return images;
  }

  /** Debian's static busybox, which the launcher unpacks, or the machine's own. */
  static Path busybox() {
    Path unpacked = Path.of("..", ".tools", "busybox-static", "bin", "busybox").toAbsolutePath();
    return Files.exists(unpacked) ? unpacked : Path.of("/bin/busybox");
  }

  /** Writes an image archive with Debian's static busybox and links for all its programs. */
  public static void buildBusybox(Path archive) throws IOException, InterruptedException {
    Path rootfs = Files.createTempDirectory("bulwark-busybox");
    for (String name : new String[] {"bin", "etc", "tmp", "root", "home"}) {
      Files.createDirectories(rootfs.resolve(name));
    }
    Files.copy(busybox(), rootfs.resolve("bin/busybox"));
    run("chmod", "0755", rootfs.resolve("bin/busybox").toString());
    run("chmod", "1777", rootfs.resolve("tmp").toString());
    Process list = new ProcessBuilder(busybox().toString(), "--list").start();
    for (String program :
        new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
      if (!program.equals("busybox")) {
        Files.createSymbolicLink(rootfs.resolve("bin").resolve(program), Path.of("busybox"));
      }
    }
    Files.writeString(
        rootfs.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home:/bin/sh\n");
    Files.writeString(rootfs.resolve("etc/group"), "root:x:0:\napp:x:1000:\n");
    ImageBuilder.build(
        rootfs, Reference.of(BUSYBOX), ImageConfiguration.running("/bin/sh"), archive);
    delete(rootfs);
  }

  private static void writeNetwork(Path configurations) throws IOException {
    int third = ThreadLocalRandom.current().nextInt(1, 250);
    Files.createDirectories(configurations);
    Files.writeString(
        configurations.resolve("10-pods.conflist"),
        """
        {"cniVersion": "0.4.0", "name": "pods%1$d", "plugins": [
          {"type": "ptp", "mtu": 1450, "ipam": {"type": "host-local", "dataDir": "%2$s",
           "ranges": [[{"subnet": "10.199.%1$d.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
          {"type": "portmap", "capabilities": {"portMappings": true}}]}
        """
            .formatted(third, configurations.resolve("addresses")));
  }

  /** Ends every pod and containerd itself, and removes the directory. */
  @Override
  public void close() throws IOException, InterruptedException {
    try {
      for (SandboxState sandbox : runtime.sandboxes()) {
        runtime.stopSandbox(sandbox.id());
        runtime.removeSandbox(sandbox.id());
      }
    } finally {
      runtime.close();
      process.stop();
    }
    unmount();
    delete(directory);
  }

  /** Volumes of pods that the agent had no time to end. */
  private void unmount() throws IOException, InterruptedException {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      for (String point :
          mounts
              .map(mount -> mount.split(" ", -1)[1])
              .filter(point -> point.startsWith(directory + "/"))
              .toList()
              .reversed()) {
        run("umount", point);
      }
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", command));
    }
  }
}
