package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.image.ImagePuller;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.SandboxState;
import io.bulwark.cluster.node.volume.PodVolumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** Ends pods and clears what they leave on the node. Every step is repeatable. */
public final class PodEnd {
  private static final System.Logger LOG = System.getLogger(PodEnd.class.getName());

  private final ContainerRuntime runtime;
  private final ContainerStops stops;
  private final PodVolumes volumes;
  private final PodObjects objects;
  private final ImagePuller puller;
  private final SandboxSpecs sandboxes;

  public PodEnd(
      ContainerRuntime runtime,
      ContainerStops stops,
      PodVolumes volumes,
      PodObjects objects,
      ImagePuller puller,
      SandboxSpecs sandboxes) {
    this.runtime = runtime;
    this.stops = stops;
    this.volumes = volumes;
    this.objects = objects;
    this.puller = puller;
    this.sandboxes = sandboxes;
  }

  /** The grace period of a pod that is being deleted, or its ordinary one; at least a second. */
  public static Duration grace(Tree pod) {
    long ordinary = pod.number(30, "spec", "terminationGracePeriodSeconds");
    return Duration.ofSeconds(
        Math.max(1, pod.number(ordinary, "metadata", "deletionGracePeriodSeconds")));
  }

  /** Kills every container and ends the network of a pod; dead containers and logs stay. */
  public void kill(Tree pod, SeenPod seen) throws InterruptedException {
    for (ContainerState state : seen.running()) {
      stops.stop(pod, state, Duration.ZERO, "", "Stopping container " + state.name());
    }
    seen.sandboxes().forEach(sandbox -> runtime.stopSandbox(sandbox.id()));
  }

  /**
   * Begins to end the containers and the network of a pod, or goes on with it; where less grace is
   * left than before, sooner. Never waits.
   *
   * @param told is run on another thread when the next call may return true
   * @return whether all have ended
   */
  public boolean advance(PodMemory memory, Tree pod, SeenPod seen, Duration grace, Runnable told) {
    PodEnding ending = memory.ending;
    if (ending == null) {
      if (seen.running().isEmpty() && seen.ready() == null) {
        seen.sandboxes().forEach(sandbox -> runtime.stopSandbox(sandbox.id()));
        return true;
      }
      String host = memory.addresses.isEmpty() ? "127.0.0.1" : memory.addresses.getFirst();
      memory.endingGrace = grace;
      memory.ending =
          new PodEnding(
              Meta.name(pod),
              grace,
              left -> {
                stops.stopAll(pod, seen, left, host);
                seen.sandboxes().forEach(sandbox -> runtime.stopSandbox(sandbox.id()));
              },
              told);
      return false;
    }
    if (grace.compareTo(memory.endingGrace) < 0) {
      memory.endingGrace = grace;
      ending.shorten(grace);
    }
    if (!ending.over()) {
      return false;
    }
    memory.ending = null;
    RuntimeException failure = ending.failure();
    if (failure != null) {
      throw failure;
    }
    return seen.running().isEmpty();
  }

  /** Frees the volumes and groups of a pod that has ended. */
  public void release(Tree pod) throws IOException {
    volumes.remove(Meta.uid(pod));
    objects.forget(Meta.uid(pod));
    puller.forget(Meta.uid(pod));
  }

  /** Removes the rest: containers, sandboxes, control groups, logs. */
  public void clear(Tree pod, SeenPod seen) throws IOException {
    for (ContainerState container : seen.all()) {
      remove(() -> runtime.removeContainer(container.id()));
    }
    for (SandboxState sandbox : seen.sandboxes()) {
      remove(() -> runtime.removeSandbox(sandbox.id()));
    }
    PodCgroup.remove(pod);
    deleteTree(sandboxes.logDirectory(pod));
  }

  private static void remove(Runnable removal) {
    try {
      removal.run();
    } catch (RuntimeFailure refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
  }

  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (java.io.UncheckedIOException changing) {
      LOG.log(System.Logger.Level.DEBUG, "{0} stays: {1}", directory, changing.getMessage());
    }
  }
}
