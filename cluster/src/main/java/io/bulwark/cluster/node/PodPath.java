package io.bulwark.cluster.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.agent.ContainerStarts.Place;
import io.bulwark.cluster.node.agent.PodCgroup;
import io.bulwark.cluster.node.agent.PodEnd;
import io.bulwark.cluster.node.agent.PodEvents;
import io.bulwark.cluster.node.agent.PodLife;
import io.bulwark.cluster.node.agent.PodMemory;
import io.bulwark.cluster.node.agent.PodNames;
import io.bulwark.cluster.node.agent.PodPorts;
import io.bulwark.cluster.node.agent.PodResizes;
import io.bulwark.cluster.node.agent.PodStatuses;
import io.bulwark.cluster.node.agent.SandboxSpecs;
import io.bulwark.cluster.node.agent.SeenPod;
import io.bulwark.cluster.node.agent.Turn;
import io.bulwark.cluster.node.agent.Verdict;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.probe.ContainerProbes;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.SandboxSpec;
import io.bulwark.cluster.node.runtime.SandboxState;
import io.bulwark.cluster.node.volume.Ownership;
import io.bulwark.cluster.node.volume.PodVolumes;
import io.bulwark.cluster.node.volume.VolumeFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pod's way on a node, top to bottom:
 *
 * <pre>
 * admit -> volumes -> sandbox and network -> init containers -> containers -> probes -> status
 * deleted or finished: stop -> release volumes -> clear -> status
 * </pre>
 *
 * <p>Images come as the first step of each container's start. Each turn goes the whole way again
 * and does what is missing.
 */
final class PodPath implements PodLife {
  private static final Duration QUIET = Duration.ofSeconds(60);
  private static final Duration QUIET_WITH_VOLUMES = Duration.ofSeconds(20);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration URGENT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ContainerRuntime runtime;
  private final Function<Tree, @Nullable Verdict> admission;
  private final PodVolumes volumes;
  private final SandboxSpecs sandboxes;
  private final PodNames names;
  private final PodContainers containers;
  private final PodStatuses statuses;
  private final PodResizes resizes;
  private final PodEnd end;
  private final PodPorts ports;
  private final PodEvents events;
  private final InstantSource clock;
  private final Semaphore sandboxing =
      new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()), true);

  PodPath(
      ContainerRuntime runtime,
      Function<Tree, @Nullable Verdict> admission,
      PodVolumes volumes,
      SandboxSpecs sandboxes,
      PodNames names,
      PodContainers containers,
      PodStatuses statuses,
      PodResizes resizes,
      PodEnd end,
      PodPorts ports,
      PodEvents events,
      InstantSource clock) {
    this.runtime = runtime;
    this.admission = admission;
    this.volumes = volumes;
    this.sandboxes = sandboxes;
    this.names = names;
    this.containers = containers;
    this.statuses = statuses;
    this.resizes = resizes;
    this.end = end;
    this.ports = ports;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public Turn advance(PodMemory memory, Tree pod) throws InterruptedException {
    SeenPod seen = SeenPod.look(runtime, Meta.uid(pod), memory);
    if (Meta.terminating(pod)) {
      return terminate(memory, pod, seen);
    }
    admit(memory, pod, seen);
    if (memory.ended || memory.verdict != null || PodSpec.finished(pod)) {
      return finish(memory, pod, seen);
    }
    return run(memory, resizes.granted(memory, pod), seen);
  }

  private Turn run(PodMemory memory, Tree pod, SeenPod seen) throws InterruptedException {
    try {
      Map<String, Path> paths = volumes.mount(pod, Meta.uid(pod), ownership(pod));
      if (!containers.anythingToRun(pod, seen)) {
        return settle(memory, pod, seen, QUIET);
      }
      SandboxState present = seen.ready();
      SandboxSpec sandboxSpec =
          sandboxes.of(pod, present == null ? seen.nextAttempt() : present.attempt());
      SandboxState sandbox = sandbox(memory, pod, seen, sandboxSpec);
      Place place = place(memory, pod, sandbox, sandboxSpec, paths);
      Duration again = containers.advance(place, seen);
      SeenPod after = SeenPod.look(runtime, Meta.uid(pod), memory);
      containers.probe(place, after);
      return settle(memory, pod, after, shorter(again, quiet(pod)));
    } catch (VolumeFailure missing) {
      events.warning(pod, "FailedMount", String.valueOf(missing.getMessage()));
      return new Turn(statuses.of(pod, memory, seen, false), RETRY, false);
    } catch (SandboxFailure refused) {
      events.warning(pod, "FailedCreatePodSandBox", String.valueOf(refused.getMessage()));
      return new Turn(statuses.of(pod, memory, seen, false), RETRY, false);
    }
  }

  private void admit(PodMemory memory, Tree pod, SeenPod seen) {
    if (!memory.admitted && seen.nothing() && !PodSpec.finished(pod)) {
      Verdict verdict = admission.apply(pod);
      if (verdict != null) {
        events.warning(pod, verdict.reason(), verdict.message());
        memory.verdict = verdict.rejecting();
      }
    }
    memory.admitted = true;
    long deadline = pod.number(0, "spec", "activeDeadlineSeconds");
    if (memory.verdict == null && deadline > 0 && !active(memory, pod, deadline).isPositive()) {
      memory.verdict =
          new Verdict(
              "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
      events.normal(pod, "DeadlineExceeded", memory.verdict.message());
    }
  }

  private Duration active(PodMemory memory, Tree pod, long deadline) {
    Instant known = io.bulwark.client.Timestamps.parse(pod.text("status", "startTime"));
    Instant begun = known == null ? memory.begun : known;
    return Duration.between(clock.instant(), begun.plusSeconds(deadline));
  }

  private static Ownership ownership(Tree pod) {
    Object group = pod.at("spec", "securityContext", "fsGroup");
    Long user = null;
    boolean first = true;
    for (Tree container : PodSpec.allContainers(pod)) {
      Object own = container.at("securityContext", "runAsUser");
      Object wish = own == null ? pod.at("spec", "securityContext", "runAsUser") : own;
      Long number = wish instanceof Long value ? value : null;
      if (!first && !Objects.equals(user, number)) {
        return new Ownership(group instanceof Long value ? value : null, null);
      }
      user = number;
      first = false;
    }
    return new Ownership(group instanceof Long value ? value : null, user);
  }

  private SandboxState sandbox(PodMemory memory, Tree pod, SeenPod seen, SandboxSpec spec)
      throws SandboxFailure, InterruptedException {
    SandboxState ready = seen.ready();
    if (ready != null) {
      SandboxState known = memory.sandbox(ready.id());
      return known == null ? addressed(memory, pod, ready.id()) : known;
    }
    if (Boolean.FALSE.equals(pod.at("spec", "hostUsers"))) {
      throw new SandboxFailure(
          "Failed to create pod sandbox: can't set `spec.hostUsers: false`, runtime does not"
              + " support user namespaces");
    }
    try {
      PodCgroup.apply(pod, false);
      if (!seen.nothing()) {
        if (!seen.sandboxes().isEmpty()) {
          events.normal(
              pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        }
        end.kill(pod, seen);
        memory.closeProbes();
      }
      return addressed(memory, pod, runSandbox(spec));
    } catch (RuntimeFailure refused) {
      throw new SandboxFailure("Failed to create pod sandbox: " + refused.getMessage());
    } catch (IOException refused) {
      throw new SandboxFailure("Failed to create the pod's control groups: " + refused);
    }
  }

  /**
   * Few at a time, first come, first served: sandboxes cost processor time, and when all share it
   * all are late. One that takes very long does not hold up the others.
   */
  private String runSandbox(SandboxSpec spec) throws InterruptedException {
    boolean entered = sandboxing.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    try {
      return runtime.runSandbox(spec);
    } finally {
      if (entered) {
        sandboxing.release();
      }
    }
  }

  private SandboxState addressed(PodMemory memory, Tree pod, String id)
      throws SandboxFailure, InterruptedException {
    SandboxState sandbox = runtime.sandbox(id);
    try {
      if (!sandbox.addresses().isEmpty()) {
        ports.open(pod, sandbox.addresses().getFirst());
      }
    } catch (PodPorts.Refused refused) {
      throw new SandboxFailure("Failed to open host ports: " + refused.getMessage());
    }
    memory.remember(sandbox);
    memory.addresses = sandbox.addresses();
    memory.addressesOf = id;
    return sandbox;
  }

  private Place place(
      PodMemory memory, Tree pod, SandboxState sandbox, SandboxSpec spec, Map<String, Path> paths)
      throws VolumeFailure {
    Tree addressed = containers.withAddresses(pod, memory);
    try {
      Path hosts = names.writeHosts(pod, volumes.directory(Meta.uid(pod)), sandbox.addresses());
      return new Place(
          addressed, memory, sandbox.id(), spec, paths, hosts, containers.host(pod, memory));
    } catch (IOException refused) {
      throw new VolumeFailure("hosts file: " + refused, refused);
    }
  }

  /** Reports, and frees what a pod holds whose containers have all ended for good. */
  private Turn settle(PodMemory memory, Tree pod, SeenPod seen, Duration again) {
    Tree status = statuses.of(pod, memory, seen, false);
    String phase = status.textOrEmpty("phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return finish(memory, pod, seen);
    }
    long deadline = pod.number(0, "spec", "activeDeadlineSeconds");
    Duration limited = deadline > 0 ? shorter(again, active(memory, pod, deadline)) : again;
    return new Turn(status, limited, false);
  }

  private Turn finish(PodMemory memory, Tree pod, SeenPod seen) {
    if (memory.ended) {
      return new Turn(statuses.of(pod, memory, seen, true), QUIET, false);
    }
    if (!ended(memory, pod, seen)) {
      return new Turn(ending(memory, pod, seen), QUIET, false);
    }
    SeenPod after = SeenPod.look(runtime, Meta.uid(pod), memory);
    Tree status = statuses.of(pod, memory, after, true);
    release(pod);
    memory.ended = true;
    return new Turn(status, QUIET, false);
  }

  private Turn terminate(PodMemory memory, Tree pod, SeenPod seen) {
    if (!ended(memory, pod, seen)) {
      return new Turn(ending(memory, pod, seen), QUIET, false);
    }
    SeenPod after = SeenPod.look(runtime, Meta.uid(pod), memory);
    Tree status = statuses.of(pod, memory, after, true);
    release(pod);
    try {
      end.clear(pod, after);
    } catch (IOException busy) {
      throw new UncheckedIOException(busy);
    }
    return new Turn(status, RETRY, true);
  }

  /** The status while a pod ends: whoever reads a final phase may rely on it that all is over. */
  private Tree ending(PodMemory memory, Tree pod, SeenPod seen) {
    Tree status = statuses.of(pod, memory, seen, false);
    if (PodSpec.finished(pod) || !PodSpec.finished(Tree.of("status", status))) {
      return status;
    }
    String phase = pod.textOrEmpty("status", "phase");
    Tree held = status.copy();
    held.put("phase", phase.isEmpty() ? "Running" : phase);
    return held.freeze();
  }

  /** Whether all containers of the pod have ended; has them ended where they have not. */
  private boolean ended(PodMemory memory, Tree pod, SeenPod seen) {
    memory.probes.values().forEach(ContainerProbes::onlyReadiness);
    memory.waiting.keySet().removeIf(name -> seen.newest(name) != null);
    Verdict verdict = memory.verdict;
    Duration grace = verdict != null && verdict.urgent() ? URGENT : PodEnd.grace(pod);
    boolean over = end.advance(memory, pod, seen, grace, () -> containers.wake(Meta.uid(pod)));
    if (over) {
      memory.closeProbes();
    }
    return over;
  }

  private void release(Tree pod) {
    ports.close(Meta.uid(pod));
    try {
      end.release(pod);
    } catch (IOException busy) {
      throw new UncheckedIOException(busy);
    }
  }

  private static Duration quiet(Tree pod) {
    List<Tree> own = pod.trees("spec", "volumes");
    return own.isEmpty() ? QUIET : QUIET_WITH_VOLUMES;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static final class SandboxFailure extends Exception {
    private static final long serialVersionUID = 1;

    SandboxFailure(String message) {
      super(message);
    }
  }
}
