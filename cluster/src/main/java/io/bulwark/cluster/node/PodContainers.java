package io.bulwark.cluster.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.node.agent.ContainerSpecs;
import io.bulwark.cluster.node.agent.ContainerStarts;
import io.bulwark.cluster.node.agent.ContainerStarts.Place;
import io.bulwark.cluster.node.agent.ContainerStops;
import io.bulwark.cluster.node.agent.NodeConfiguration;
import io.bulwark.cluster.node.agent.PodEnd;
import io.bulwark.cluster.node.agent.PodEvents;
import io.bulwark.cluster.node.agent.PodMemory;
import io.bulwark.cluster.node.agent.PodResizes;
import io.bulwark.cluster.node.agent.SeenPod;
import io.bulwark.cluster.node.agent.Waiting;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.pod.Restarts;
import io.bulwark.cluster.node.probe.ContainerProbes;
import io.bulwark.cluster.node.probe.ProbeAction;
import io.bulwark.cluster.node.probe.ProbeKind;
import io.bulwark.cluster.node.runtime.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which containers of a pod are started, restarted and probed, in which order. */
final class PodContainers {
  private static final Duration QUIET = Duration.ofSeconds(60);
  private static final Duration EPHEMERAL_RETRY = Duration.ofSeconds(10);
  private static final Duration RESIZE_RETRY = Duration.ofSeconds(5);

  private final NodeConfiguration configuration;
  private final ContainerStarts starts;
  private final ContainerStops stops;
  private final PodResizes resizes;
  private final ProbeAction action;
  private final PodEvents events;
  private final Consumer<String> wake;
  private final InstantSource clock;

  /**
   * @param wake asks for another turn of the pod with this uid
   */
  PodContainers(
      NodeConfiguration configuration,
      ContainerStarts starts,
      ContainerStops stops,
      PodResizes resizes,
      ProbeAction action,
      PodEvents events,
      Consumer<String> wake,
      InstantSource clock) {
    this.configuration = configuration;
    this.starts = starts;
    this.stops = stops;
    this.resizes = resizes;
    this.action = action;
    this.events = events;
    this.wake = wake;
    this.clock = clock;
  }

  /** Whether any container runs or may still be started. */
  boolean anythingToRun(Tree pod, SeenPod seen) {
    if (initFailed(pod, seen)) {
      return false;
    }
    for (Tree container : PodSpec.containers(pod)) {
      ContainerState newest = seen.newest(container.textOrEmpty("name"));
      if (newest == null || !newest.exited() || Restarts.due(pod, container, newest.exitCode())) {
        return true;
      }
    }
    return false;
  }

  private static boolean initFailed(Tree pod, SeenPod seen) {
    for (Tree container : PodSpec.initContainers(pod)) {
      ContainerState newest = seen.newest(container.textOrEmpty("name"));
      if (newest != null
          && newest.exited()
          && newest.exitCode() != 0
          && !Restarts.due(pod, container, newest.exitCode())) {
        return true;
      }
    }
    return false;
  }

  /** Starts and restarts what is due; returns when to come back at the latest. */
  Duration advance(Place place, SeenPod seen) throws InterruptedException {
    Duration looking = advanceEphemeral(place, seen);
    Duration own = advanceOwn(place, seen);
    Duration again = looking.compareTo(own) < 0 ? looking : own;
    boolean resized = resizes.settle(place.memory(), place.pod());
    return resized || again.compareTo(RESIZE_RETRY) < 0 ? again : RESIZE_RETRY;
  }

  /** Containers for looking into the pod are started once each, and never restarted. */
  private Duration advanceEphemeral(Place place, SeenPod seen) throws InterruptedException {
    Duration again = QUIET;
    for (Tree container : PodSpec.ephemeralContainers(place.pod())) {
      String name = container.textOrEmpty("name");
      if (seen.newest(name) == null) {
        starts.startEphemeral(place, container, seen);
        if (place.memory().waiting.containsKey(name)) {
          again = EPHEMERAL_RETRY;
        }
      }
    }
    return again;
  }

  private Duration advanceOwn(Place place, SeenPod seen) throws InterruptedException {
    Tree pod = place.pod();
    boolean begun =
        PodSpec.containers(pod).stream()
            .anyMatch(each -> seen.newest(each.textOrEmpty("name"), place.sandboxId()) != null);
    Duration again = QUIET;
    for (Tree container : PodSpec.initContainers(pod)) {
      boolean sidecar = PodSpec.sidecar(container);
      if (begun && !sidecar) {
        continue;
      }
      ContainerState newest = seen.newest(container.textOrEmpty("name"), place.sandboxId());
      if (!sidecar && newest != null && newest.exited() && newest.exitCode() == 0) {
        place.memory().waiting.remove(container.textOrEmpty("name"));
        continue;
      }
      Duration own = advance(place, container, newest, seen, true);
      again = own.compareTo(again) < 0 ? own : again;
      if (!begun && !(sidecar && started(place.memory(), newest))) {
        return again;
      }
    }
    for (Tree container : PodSpec.containers(pod)) {
      ContainerState newest = seen.newest(container.textOrEmpty("name"), place.sandboxId());
      Duration own = advance(place, container, newest, seen, false);
      again = own.compareTo(again) < 0 ? own : again;
    }
    return again;
  }

  private static boolean started(PodMemory memory, @Nullable ContainerState newest) {
    if (newest == null || !newest.running()) {
      return false;
    }
    ContainerProbes probes = memory.probes.get(newest.id());
    return probes != null && probes.started();
  }

  private Duration advance(
      Place place, Tree container, @Nullable ContainerState newest, SeenPod seen, boolean init)
      throws InterruptedException {
    String name = container.textOrEmpty("name");
    Tree pod = place.pod();
    if (newest != null && newest.running()) {
      place.memory().waiting.remove(name);
      String why = reasonToStop(place, container, newest);
      if (why == null) {
        if (!resizes.apply(place.memory(), pod, container, newest)) {
          return QUIET;
        }
        why = "Container %s resize requires restart".formatted(name);
      }
      stops.stop(pod, newest, grace(pod, container, newest, place), place.host(), why);
      return Duration.ZERO;
    }
    if (newest != null && newest.exited()) {
      if (!Restarts.due(pod, container, newest.exitCode())) {
        place.memory().waiting.remove(name);
        return QUIET;
      }
      Duration left = backoff(place, container, newest);
      if (left.isPositive()) {
        return left;
      }
      place.memory().backoff.restarted(name, newest.finished(), clock.instant());
    }
    List<ContainerState> instances = seen.containers().getOrDefault(name, List.of());
    starts.start(place, container, instances);
    if (place.memory().waiting.containsKey(name)) {
      Instant now = clock.instant();
      Duration wait = Duration.between(now, starts.retryAt(pod, container, now));
      return wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait;
    }
    return init ? Duration.ZERO : QUIET;
  }

  private Duration backoff(Place place, Tree container, ContainerState ended) {
    String name = container.textOrEmpty("name");
    PodMemory memory = place.memory();
    memory.backoff.adopt(name, ended.attempt(), ended.started(), ended.finished());
    Duration left = memory.backoff.left(name, ended.finished(), clock.instant());
    if (left.isPositive()) {
      String described = PodSpec.described(place.pod());
      memory.waiting.put(
          name,
          new Waiting(
              "CrashLoopBackOff",
              "back-off %s restarting failed container=%s pod=%s"
                  .formatted(text(memory.backoff.length(name)), name, described)));
      events
          .of(place.pod(), name)
          .warning(
              "BackOff",
              "Back-off restarting failed container %s in pod %s".formatted(name, described));
    }
    return left;
  }

  private static String text(Duration length) {
    long minutes = length.toMinutes();
    return minutes == 0 ? length.toSeconds() + "s" : minutes + "m" + length.toSecondsPart() + "s";
  }

  private static @Nullable String reasonToStop(
      Place place, Tree container, ContainerState running) {
    String name = container.textOrEmpty("name");
    ContainerProbes probes = place.memory().probes.get(running.id());
    ProbeKind fatal = probes == null ? null : probes.fatal();
    if (fatal != null) {
      return "Container %s failed %s probe, will be restarted".formatted(name, fatal.word());
    }
    return ContainerSpecs.changed(place.pod(), name, running.annotations())
        ? "Container %s definition changed, will be restarted".formatted(name)
        : null;
  }

  private static Duration grace(Tree pod, Tree container, ContainerState running, Place place) {
    ContainerProbes probes = place.memory().probes.get(running.id());
    ProbeKind fatal = probes == null ? null : probes.fatal();
    if (fatal != null
        && container.at(fatal.field(), "terminationGracePeriodSeconds") instanceof Long own) {
      return Duration.ofSeconds(own);
    }
    return PodEnd.grace(pod);
  }

  /** Begins to probe containers that run and ends the probes of those that do not. */
  void probe(Place place, SeenPod seen) {
    PodMemory memory = place.memory();
    Set<String> running =
        seen.running().stream().map(ContainerState::id).collect(Collectors.toSet());
    memory
        .probes
        .entrySet()
        .removeIf(
            entry -> {
              boolean over = !running.contains(entry.getKey());
              if (over) {
                entry.getValue().close();
              }
              return over;
            });
    for (ContainerState state : seen.running()) {
      Tree container = PodSpec.container(place.pod(), state.name());
      if (container != null && !memory.probes.containsKey(state.id())) {
        ContainerProbes probes = probes(place, container, state);
        memory.probes.put(state.id(), probes);
        probes.start();
      }
    }
  }

  private ContainerProbes probes(Place place, Tree container, ContainerState state) {
    Tree pod = place.pod();
    String uid = Meta.uid(pod);
    return new ContainerProbes(
        action,
        container,
        state.id(),
        place.host(),
        state.started(),
        reportedReady(pod, state.id()),
        new ContainerProbes.Listener() {
          @Override
          public void changed() {
            wake.accept(uid);
          }

          @Override
          public void unhealthy(String message) {
            events.of(pod, state.name()).warning("Unhealthy", message);
          }
        });
  }

  private static boolean reportedReady(Tree pod, String id) {
    return pod.trees("status", "containerStatuses").stream()
        .anyMatch(status -> status.textOrEmpty("containerID").endsWith(id) && status.flag("ready"));
  }

  /** Asks for another turn of a pod. */
  void wake(String uid) {
    wake.accept(uid);
  }

  /** Where a pod's ports are reached. */
  String host(Tree pod, PodMemory memory) {
    return PodSpec.hostNetwork(pod) || memory.addresses.isEmpty()
        ? configuration.addresses().getFirst()
        : memory.addresses.getFirst();
  }

  /** The pod with the addresses that its containers may ask for. */
  Tree withAddresses(Tree pod, PodMemory memory) {
    List<String> own = PodSpec.hostNetwork(pod) ? configuration.addresses() : memory.addresses;
    Tree copy = pod.copy();
    copy.set(configuration.addresses().getFirst(), "status", "hostIP");
    copy.set(addresses(configuration.addresses()), "status", "hostIPs");
    if (!own.isEmpty()) {
      copy.set(own.getFirst(), "status", "podIP");
      copy.set(addresses(own), "status", "podIPs");
    }
    return copy.freeze();
  }

  private static TreeList addresses(List<String> addresses) {
    TreeList list = new TreeList();
    addresses.forEach(address -> list.add(Tree.of("ip", address)));
    return list;
  }
}
