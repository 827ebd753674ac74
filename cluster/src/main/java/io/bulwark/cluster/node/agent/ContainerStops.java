package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.image.ImagePuller.Narrator;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ends containers with their preStop hooks and grace periods. Thread-safe. */
public final class ContainerStops {
  private static final System.Logger LOG = System.getLogger(ContainerStops.class.getName());
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final ContainerRuntime runtime;
  private final Hooks hooks;
  private final PodEvents events;

  public ContainerStops(ContainerRuntime runtime, Hooks hooks, PodEvents events) {
    this.runtime = runtime;
    this.hooks = hooks;
    this.events = events;
  }

  /**
   * Ends one container and returns when it has ended.
   *
   * @param why for the event
   */
  public void stop(Tree pod, ContainerState state, Duration grace, String host, String why)
      throws InterruptedException {
    Narrator narrator = events.of(pod, state.name());
    narrator.normal("Killing", why);
    long end = System.nanoTime() + grace.toNanos();
    Tree container = PodSpec.container(pod, state.name());
    if (container != null && container.has("lifecycle", "preStop") && !grace.isZero()) {
      String failure = hooks.run(container, "preStop", state.id(), host, grace);
      if (failure != null) {
        narrator.warning("FailedPreStopHook", "PreStopHook failed");
      }
    }
    Duration left = Duration.ofNanos(end - System.nanoTime());
    if (!grace.isZero() && left.compareTo(LEAST) < 0) {
      left = grace.compareTo(LEAST) < 0 ? grace : LEAST;
    }
    try {
      runtime.stopContainer(state.id(), left.isNegative() ? Duration.ZERO : rounded(left));
    } catch (RuntimeFailure refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
  }

  private static Duration rounded(Duration left) {
    return Duration.ofSeconds((left.toMillis() + 999) / 1000);
  }

  /** Ends every container of a pod: first the ordinary ones together, then sidecars backwards. */
  public void stopAll(Tree pod, SeenPod seen, Duration grace, String host)
      throws InterruptedException {
    List<String> sidecars =
        PodSpec.initContainers(pod).stream()
            .filter(PodSpec::sidecar)
            .map(container -> container.textOrEmpty("name"))
            .toList();
    long end = System.nanoTime() + grace.toNanos();
    List<Thread> stopping = new ArrayList<>();
    for (ContainerState state : seen.running()) {
      if (!sidecars.contains(state.name())) {
        stopping.add(Thread.ofVirtual().start(() -> stopQuietly(pod, state, grace, host)));
      }
    }
    try {
      for (Thread thread : stopping) {
        thread.join();
      }
    } catch (InterruptedException closing) {
      stopping.forEach(Thread::interrupt);
      throw closing;
    }
    for (String name : sidecars.reversed()) {
      ContainerState state = seen.newest(name);
      if (state != null && state.running()) {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        stop(pod, state, left, host, "Stopping container " + name);
      }
    }
  }

  private void stopQuietly(Tree pod, ContainerState state, Duration grace, String host) {
    try {
      stop(pod, state, grace, host, "Stopping container " + state.name());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeFailure refused) {
      LOG.log(System.Logger.Level.WARNING, "stopping {0}: {1}", state.id(), refused.getMessage());
    }
  }
}
