package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.image.ImagePuller;
import io.bulwark.cluster.node.image.ImagePuller.Narrator;
import io.bulwark.cluster.node.image.PullFailure;
import io.bulwark.cluster.node.image.PullSecrets;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerSpec;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts containers: image, specification, create, start, postStart. Thread-safe. */
public final class ContainerStarts {
  private static final Duration HOOK_LIMIT = Duration.ofMinutes(10);

  private final ContainerRuntime runtime;
  private final ImagePuller puller;
  private final PodObjects objects;
  private final ContainerSpecs specs;
  private final Hooks hooks;
  private final PodEvents events;

  public ContainerStarts(
      ContainerRuntime runtime,
      ImagePuller puller,
      PodObjects objects,
      ContainerSpecs specs,
      Hooks hooks,
      PodEvents events) {
    this.runtime = runtime;
    this.puller = puller;
    this.objects = objects;
    this.specs = specs;
    this.hooks = hooks;
    this.events = events;
  }

  /**
   * Where a container is started.
   *
   * @param paths of the pod's volumes by name
   * @param hosts the pod's hosts file, or null
   */
  public record Place(
      Tree pod,
      PodMemory memory,
      String sandboxId,
      SandboxSpec sandbox,
      Map<String, Path> paths,
      @Nullable Path hosts,
      String host) {}

  /** Starts a container; where it fails, the memory says what the container waits for. */
  public void start(Place place, Tree container, List<ContainerState> instances)
      throws InterruptedException {
    start(place, container, instances, "");
  }

  /**
   * @param target id of the container whose process namespace is shared; empty for none
   */
  void start(Place place, Tree container, List<ContainerState> instances, String target)
      throws InterruptedException {
    String name = container.textOrEmpty("name");
    Narrator narrator = events.of(place.pod, name);
    place.memory.waiting.remove(name);
    try {
      ImageState image = bring(place.pod, container, narrator);
      int attempt = instances.isEmpty() ? 0 : instances.getFirst().attempt() + 1;
      ContainerSpec spec = specs.of(place.pod, container, attempt, image, place.paths, place.hosts);
      dropOld(instances);
      String id = create(place, target.isEmpty() ? spec : spec.targeting(target), narrator);
      run(place, container, id, narrator);
    } catch (PullFailure failed) {
      wait(place, name, failed.reason(), failed.getMessage());
      narrator.warning("Failed", "Error: " + failed.reason());
    } catch (ConfigurationFailure failed) {
      wait(place, name, "CreateContainerConfigError", failed.getMessage());
      narrator.warning("Failed", "Error: " + failed.getMessage());
    } catch (StartFailure failed) {
      wait(place, name, failed.reason, failed.getMessage());
      narrator.warning("Failed", "Error: " + withoutCode(failed.getMessage()));
    }
  }

  private ImageState bring(Tree pod, Tree container, Narrator narrator) throws PullFailure {
    String policy = container.textOrEmpty("imagePullPolicy");
    return puller.bring(
        container.textOrEmpty("image"),
        policy.isEmpty() ? "IfNotPresent" : policy,
        Meta.uid(pod),
        image -> PullSecrets.matching(objects.pullSecrets(pod), image),
        narrator);
  }

  private String create(Place place, ContainerSpec spec, Narrator narrator) throws StartFailure {
    try {
      Files.createDirectories(place.sandbox.logDirectory().resolve(spec.name()));
      String id = runtime.createContainer(place.sandboxId, spec, place.sandbox);
      narrator.normal("Created", "Container created");
      return id;
    } catch (RuntimeFailure refused) {
      throw new StartFailure("CreateContainerError", refused.description());
    } catch (IOException refused) {
      throw new StartFailure("CreateContainerError", String.valueOf(refused.getMessage()));
    }
  }

  private void run(Place place, Tree container, String id, Narrator narrator)
      throws StartFailure, InterruptedException {
    try {
      runtime.startContainer(id);
    } catch (RuntimeFailure refused) {
      throw new StartFailure("RunContainerError", refused.description());
    }
    narrator.normal("Started", "Container started");
    String failure = hooks.run(container, "postStart", id, place.host, HOOK_LIMIT);
    if (failure != null) {
      narrator.warning("FailedPostStartHook", "PostStartHook failed");
      narrator.normal("Killing", "FailedPostStartHook");
      runtime.stopContainer(id, Duration.ofSeconds(2));
      throw new StartFailure("PostStartHookError", "PostStartHookError: " + failure);
    }
  }

  /** Keeps only the newest of the earlier instances, for its log and its last state. */
  private void dropOld(List<ContainerState> instances) {
    for (ContainerState old : instances.subList(Math.min(1, instances.size()), instances.size())) {
      runtime.removeContainer(old.id());
      try {
        Files.deleteIfExists(Path.of(old.logPath()));
      } catch (IOException kept) {
        System.getLogger(ContainerStarts.class.getName())
            .log(System.Logger.Level.DEBUG, "old log stays: {0}", kept.getMessage());
      }
    }
  }

  /** What the runtime says, without the code that the call ended with. */
  private static String withoutCode(@Nullable String message) {
    return String.valueOf(message).replaceFirst("^rpc error: code = \\w+ desc = ", "");
  }

  /** Starts a container that looks into a running pod, in the namespace of the one it names. */
  public void startEphemeral(Place place, Tree container, SeenPod seen)
      throws InterruptedException {
    String wanted = container.textOrEmpty("targetContainerName");
    ContainerState target = wanted.isEmpty() ? null : seen.newest(wanted, place.sandboxId());
    if (!wanted.isEmpty() && (target == null || !target.running())) {
      String name = container.textOrEmpty("name");
      String message = "unable to find target container " + wanted;
      wait(place, name, "CreateContainerConfigError", message);
      events.of(place.pod, name).warning("Failed", "Error: " + message);
      return;
    }
    start(place, container, List.of(), target == null ? "" : target.id());
  }

  private static void wait(Place place, String name, String reason, @Nullable String message) {
    place.memory.waiting.put(name, new Waiting(reason, message == null ? "" : message));
  }

  /** When a failed start may be tried again. */
  public Instant retryAt(Tree pod, Tree container, Instant now) {
    Instant pull = puller.retryAt(container.textOrEmpty("image"), Meta.uid(pod));
    return pull == null ? now.plusSeconds(10) : pull;
  }

  private static final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    StartFailure(String reason, String message) {
      super(message);
      this.reason = reason;
    }
  }
}
