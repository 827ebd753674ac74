package io.bulwark.cluster.node.agent;

import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.SandboxState;
import io.bulwark.cluster.node.volume.PodVolumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Ends every pod of a node for good, when the node itself is taken down. */
public final class PodSweep {
  private PodSweep() {}

  /**
   * Kills all pods, frees their networks and unmounts their volumes. The agent must be closed.
   *
   * @param directory the node's, as in {@link NodeConfiguration#directory()}
   */
  public static void removeAll(ContainerRuntime runtime, Path directory)
      throws IOException, InterruptedException {
    List<Thread> removals = new ArrayList<>();
    for (SandboxState sandbox : runtime.sandboxes()) {
      removals.add(Thread.ofVirtual().start(() -> remove(runtime, sandbox.id())));
    }
    for (Thread removal : removals) {
      removal.join();
    }
    Path pods = directory.resolve("pods");
    if (!Files.isDirectory(pods)) {
      return;
    }
    try (Stream<Path> each = Files.list(pods)) {
      for (Path pod : each.toList()) {
        PodVolumes.removeDirectory(pod);
      }
    }
  }

  private static void remove(ContainerRuntime runtime, String id) {
    try {
      runtime.stopSandbox(id);
      runtime.removeSandbox(id);
    } catch (RuntimeFailure refused) {
      System.getLogger(PodSweep.class.getName())
          .log(System.Logger.Level.WARNING, "sandbox {0}: {1}", id, refused.getMessage());
    }
  }
}
