package io.bulwark.cluster.node.agent;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pod holds more of the node's disk than it may. Pure.
 *
 * <p>Source: kubernetes.io/docs/concepts/storage/ephemeral-storage.
 */
final class StorageLimits {
  private static final String RESOURCE = "ephemeral-storage";

  private StorageLimits() {}

  /**
   * What a pod holds.
   *
   * @param volumes bytes of its emptyDir volumes by name
   * @param containers bytes of writable layers and logs by container name
   */
  record Held(Map<String, Long> volumes, Map<String, Long> containers) {
    Held {
      volumes = Map.copyOf(volumes);
      containers = Map.copyOf(containers);
    }
  }

  /** Whether anything of the pod is limited. */
  static boolean limited(Tree pod) {
    return total(pod) != null
        || pod.trees("spec", "volumes").stream().anyMatch(each -> size(each) != null);
  }

  /** Why the pod has to go, or null. */
  static @Nullable Verdict check(Tree pod, Held held) {
    for (Tree volume : pod.trees("spec", "volumes")) {
      String name = volume.textOrEmpty("name");
      Quantity most = size(volume);
      if (most != null && held.volumes.getOrDefault(name, 0L) > most.value()) {
        return evicted(
            "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". ".formatted(name, most));
      }
    }
    long disk = held.containers.values().stream().mapToLong(Long::longValue).sum();
    for (Tree volume : pod.trees("spec", "volumes")) {
      boolean memory = volume.textOrEmpty("emptyDir", "medium").equals("Memory");
      disk += memory ? 0 : held.volumes.getOrDefault(volume.textOrEmpty("name"), 0L);
    }
    Quantity total = total(pod);
    if (total != null && disk > total.value()) {
      return evicted(
          "Pod ephemeral local storage usage exceeds the total limit of containers %s. "
              .formatted(total));
    }
    for (Tree container : PodSpec.allContainers(pod)) {
      String name = container.textOrEmpty("name");
      Quantity most = limit(container);
      if (most != null && held.containers.getOrDefault(name, 0L) > most.value()) {
        return evicted(
            "Container %s exceeded its local ephemeral storage limit \"%s\". "
                .formatted(name, most));
      }
    }
    return null;
  }

  private static Verdict evicted(String message) {
    return new Verdict(Verdict.EVICTED, message);
  }

  private static @Nullable Quantity size(Tree volume) {
    Object size = volume.at("emptyDir", "sizeLimit");
    Quantity most = size == null ? null : Quantity.of(size);
    return most == null || most.sign() <= 0 ? null : most;
  }

  private static @Nullable Quantity limit(Tree container) {
    Object limit = container.at("resources", "limits", RESOURCE);
    return limit == null ? null : Quantity.of(limit);
  }

  /** The limits of all containers together, or of the largest stage of the init containers. */
  private static @Nullable Quantity total(Tree pod) {
    Quantity sidecars = Quantity.ZERO;
    Quantity initial = Quantity.ZERO;
    boolean any = false;
    for (Tree container : PodSpec.initContainers(pod)) {
      Quantity own = limit(container);
      any |= own != null;
      Quantity counted = own == null ? Quantity.ZERO : own;
      initial = Quantity.max(initial, sidecars.add(counted));
      sidecars = PodSpec.sidecar(container) ? sidecars.add(counted) : sidecars;
    }
    Quantity running = sidecars;
    for (Tree container : PodSpec.containers(pod)) {
      Quantity own = limit(container);
      any |= own != null;
      running = own == null ? running : running.add(own);
    }
    return any ? Quantity.max(running, initial) : null;
  }
}
