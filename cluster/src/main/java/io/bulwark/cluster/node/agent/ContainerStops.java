package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.image.ImagePuller.Narrator;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ends containers with their preStop hooks and grace periods. Thread-safe.
 *
 * <p>Source: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle, termination of pods.
 */
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
    if (grace.isZero()) {
      events.of(pod, state.name()).normal("Killing", why);
      end(state.id(), Duration.ZERO);
    } else {
      stop(pod, state, new GracePeriod(grace), host, why, List.of());
    }
  }

  /**
   * Ends every container of a pod: the ordinary ones together, then sidecars backwards, each when
   * those that may need it have ended or the time is over. Returns when all have ended.
   */
  public void stopAll(Tree pod, SeenPod seen, GracePeriod grace, String host)
      throws InterruptedException {
    List<String> sidecars =
        PodSpec.initContainers(pod).stream()
            .filter(PodSpec::sidecar)
            .map(container -> container.textOrEmpty("name"))
            .toList();
    List<ContainerState> running = new ArrayList<>(seen.running());
    running.sort(Comparator.comparingInt(state -> -sidecars.indexOf(state.name())));
    List<ContainerState> ordered = new ArrayList<>();
    running.stream().filter(each -> !sidecars.contains(each.name())).forEach(ordered::add);
    running.stream().filter(each -> sidecars.contains(each.name())).forEach(ordered::add);
    List<CompletableFuture<Void>> before = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (ContainerState state : ordered) {
      CompletableFuture<Void> ended = new CompletableFuture<>();
      List<CompletableFuture<Void>> first =
          sidecars.contains(state.name()) ? List.copyOf(before) : List.of();
      before.add(ended);
      threads.add(
          Thread.ofVirtual()
              .name("stop-" + state.name())
              .start(() -> stop(pod, state, grace, host, first, ended)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException closing) {
      threads.forEach(Thread::interrupt);
      throw closing;
    }
    before.forEach(CompletableFuture::join);
  }

  private void stop(
      Tree pod,
      ContainerState state,
      GracePeriod grace,
      String host,
      List<CompletableFuture<Void>> first,
      CompletableFuture<Void> ended) {
    try {
      stop(pod, state, grace, host, "Stopping container " + state.name(), first);
      ended.complete(null);
    } catch (InterruptedException closing) {
      ended.cancel(false);
    } catch (RuntimeFailure refused) {
      LOG.log(System.Logger.Level.WARNING, "stopping {0}: {1}", state.id(), refused.getMessage());
      ended.completeExceptionally(refused);
    }
  }

  private void stop(
      Tree pod,
      ContainerState state,
      GracePeriod grace,
      String host,
      String why,
      List<CompletableFuture<Void>> first)
      throws InterruptedException {
    Narrator narrator = events.of(pod, state.name());
    narrator.normal("Killing", why);
    Tree container = PodSpec.container(pod, state.name());
    if (container != null && container.has("lifecycle", "preStop")) {
      CompletableFuture<Boolean> passed =
          background(
              grace, () -> hooks.run(container, "preStop", state.id(), host, grace.left()) == null);
      boolean cutOff = passed.isCancelled();
      if (!cutOff && (passed.isCompletedExceptionally() || !passed.resultNow())) {
        narrator.warning("FailedPreStopHook", "PreStopHook failed");
      }
    }
    for (CompletableFuture<Void> other : first) {
      if (!grace.await(other)) {
        break;
      }
    }
    grace.extend(LEAST);
    CompletableFuture<Boolean> patient =
        background(
            grace,
            () -> {
              end(state.id(), grace.left());
              return true;
            });
    if (patient.isCompletedExceptionally()) {
      end(state.id(), Duration.ZERO);
    }
  }

  private interface Work {
    boolean run() throws InterruptedException;
  }

  /** Runs work until it is done or the time is over, in which case it has failed. */
  private static CompletableFuture<Boolean> background(GracePeriod grace, Work work)
      throws InterruptedException {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("pod-end")
            .start(
                () -> {
                  try {
                    done.complete(work.run());
                  } catch (InterruptedException | RuntimeException failed) {
                    done.completeExceptionally(failed);
                  }
                });
    boolean over = false;
    try {
      over = grace.await(done);
    } finally {
      if (!over) {
        done.cancel(false);
        thread.interrupt();
      }
    }
    return done;
  }

  private void end(String id, Duration grace) {
    try {
      runtime.stopContainer(id, Duration.ofSeconds((grace.toMillis() + 999) / 1000));
    } catch (RuntimeFailure refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
  }
}
