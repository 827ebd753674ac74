package io.bulwark.cluster.node.agent;

import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.SandboxState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime holds of one pod.
 *
 * @param sandboxes newest first
 * @param containers by name, newest first
 */
public record SeenPod(List<SandboxState> sandboxes, Map<String, List<ContainerState>> containers) {

  public static SeenPod look(ContainerRuntime runtime, String uid, PodMemory memory) {
    List<SandboxState> sandboxes = new ArrayList<>(runtime.sandboxes(SandboxSpecs.POD_UID, uid));
    sandboxes.sort(Comparator.comparing(SandboxState::created).reversed());
    Map<String, List<ContainerState>> containers = new HashMap<>();
    for (ContainerState each : runtime.containers(SandboxSpecs.POD_UID, uid)) {
      ContainerState full = memory.known(each.id());
      if (full == null) {
        try {
          full = runtime.container(each.sandboxId(), each.id());
        } catch (RuntimeFailure gone) {
          if (gone.notFound()) {
            continue;
          }
          throw gone;
        }
        if (full.exited()) {
          memory.remember(full);
        }
      }
      containers.computeIfAbsent(full.name(), name -> new ArrayList<>()).add(full);
    }
    containers
        .values()
        .forEach(each -> each.sort(Comparator.comparing(ContainerState::created).reversed()));
    return new SeenPod(sandboxes, containers);
  }

  public boolean nothing() {
    return sandboxes.isEmpty() && containers.isEmpty();
  }

  /** The newest sandbox if it is ready, or null. */
  public @Nullable SandboxState ready() {
    return !sandboxes.isEmpty() && sandboxes.getFirst().ready() ? sandboxes.getFirst() : null;
  }

  public int nextAttempt() {
    return sandboxes.isEmpty() ? 0 : sandboxes.getFirst().attempt() + 1;
  }

  /** The newest instance of a container, or null. */
  public @Nullable ContainerState newest(String name) {
    List<ContainerState> instances = containers.get(name);
    return instances == null ? null : instances.getFirst();
  }

  /** The newest instance of a container in one sandbox, or null. */
  public @Nullable ContainerState newest(String name, String sandboxId) {
    ContainerState newest = newest(name);
    return newest != null && newest.sandboxId().equals(sandboxId) ? newest : null;
  }

  /** The instance before the newest, or null. */
  public @Nullable ContainerState previous(String name) {
    List<ContainerState> instances = containers.get(name);
    return instances == null || instances.size() < 2 ? null : instances.get(1);
  }

  public List<ContainerState> all() {
    return containers.values().stream().flatMap(List::stream).toList();
  }

  public List<ContainerState> running() {
    return all().stream().filter(ContainerState::running).toList();
  }
}
