package io.bulwark.cluster;

import io.bulwark.cluster.network.kernel.CommandKernel;
import io.bulwark.cluster.network.kernel.Kernel;
import io.bulwark.cluster.network.overlay.OwnRoutes;
import io.bulwark.cluster.node.agent.PodSweep;
import io.bulwark.cluster.node.containerd.ContainerdProcess;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.platform.MountPoints;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends what a cluster left running on this machine. Every step may be repeated. */
public final class Teardown {
  private Teardown() {}

  /**
   * Removes pods, stops containerd, and takes our rules and links out of the kernel.
   *
   * @param grace what containers have to end by themselves; whole seconds, zero for none
   */
  public static void stopContainers(Path dataDirectory, Duration grace)
      throws IOException, InterruptedException {
    if (Files.isDirectory(dataDirectory.resolve("containerd"))) {
      ContainerdProcess process = new ContainerdProcess(MachineImages.containerd(dataDirectory));
      if (process.alive()) {
        removePods(dataDirectory, process.socket(), grace);
      }
      process.stop();
    }
    MountPoints.detachBelow(dataDirectory.resolve("node"));
    cleanKernel(ClusterConfiguration.instance(dataDirectory));
  }

  private static void removePods(Path dataDirectory, Path socket, Duration grace)
      throws IOException, InterruptedException {
    try (ContainerRuntime runtime = ContainerRuntime.at(socket)) {
      PodSweep.removeAll(runtime, dataDirectory.resolve("node"), grace);
    } catch (RuntimeFailure unreachable) {
      // What the runtime cannot end, stopping it ends.
    }
  }

  private static void cleanKernel(String instance) {
    Kernel kernel = new CommandKernel();
    for (List<String> command :
        List.of(
            List.of("nft", "delete", "table", "ip", KernelNames.table(instance)),
            List.of("nft", "delete", "table", "ip", KernelNames.hostPorts(instance)),
            List.of("ip", "link", "delete", KernelNames.dnsLink(instance)),
            List.of("ip", "link", "delete", KernelNames.tunnel(instance)))) {
      try {
        kernel.run(command, "");
      } catch (Kernel.Refused absent) {
        // There was none.
      }
    }
    OwnRoutes routes = KernelNames.routes(instance);
    for (String prefix : routes.prefixes(kernel)) {
      routes.delete(kernel, prefix);
    }
  }

  /**
   * Deletes what the cluster kept, and its directory where nothing else is in it.
   *
   * @throws IOException if something is still mounted there, in which case nothing is deleted
   */
  public static void wipe(Path dataDirectory) throws IOException {
    for (String part : ClusterDirectory.PARTS) {
      List<String> mounted = MountPoints.below(dataDirectory.resolve(part));
      if (!mounted.isEmpty()) {
        throw new IOException(
            "nothing was deleted, since something is mounted at " + mounted.getFirst());
      }
    }
    for (String part : ClusterDirectory.PARTS) {
      delete(dataDirectory.resolve(part));
    }
    try {
      Files.deleteIfExists(dataDirectory);
    } catch (FileSystemException others) {
      // Something else is in it, or a file system is mounted on it: neither is ours.
    }
  }

  private static void delete(Path part) throws IOException {
    if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        part,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
              throws IOException {
            if (failed != null) {
              throw failed;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
