package io.bulwark.cluster.node.agent;

import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.volume.PodVolumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Ends every pod of a node for good, when the node itself is taken down. */
public final class PodSweep {
  private PodSweep() {}

  /**
   * Ends all pods, frees their networks and control groups, and unmounts their volumes. The agent
   * must be closed.
   *
   * @param directory the node's, as in {@link NodeConfiguration#directory()}
   * @param grace what all containers together have to end by themselves before they are killed;
   *     whole seconds, zero for none
   */
  public static void removeAll(ContainerRuntime runtime, Path directory, Duration grace)
      throws IOException, InterruptedException {
    if (grace.isPositive()) {
      each(
          runtime.containers().stream().filter(ContainerState::running).toList(),
          container -> runtime.stopContainer(container.id(), grace));
    }
    each(
        runtime.sandboxes(),
        sandbox -> {
          runtime.stopSandbox(sandbox.id());
          runtime.removeSandbox(sandbox.id());
          PodCgroup.remove(sandbox.uid());
        });
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

  private static <T> void each(List<T> all, Consumer<T> end) throws InterruptedException {
    List<Thread> ends = new ArrayList<>();
    for (T one : all) {
      ends.add(Thread.ofVirtual().start(() -> attempt(one, end)));
    }
    for (Thread each : ends) {
      each.join();
    }
  }

  private static <T> void attempt(T one, Consumer<T> end) {
    try {
      end.accept(one);
    } catch (RuntimeFailure refused) {
      System.getLogger(PodSweep.class.getName())
          .log(System.Logger.Level.WARNING, "{0}: {1}", one, refused.getMessage());
    }
  }
}
