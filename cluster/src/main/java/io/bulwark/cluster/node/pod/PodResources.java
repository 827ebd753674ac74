package io.bulwark.cluster.node.pod;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a whole pod may use.
 *
 * @param cpuRequest thousandths of a processor
 * @param cpuLimit thousandths of a processor, or null where any container has no limit
 * @param memoryLimit bytes, or null where any container has no limit
 */
public record PodResources(
    String qosClass, long cpuRequest, @Nullable Long cpuLimit, @Nullable Long memoryLimit) {

  /**
   * Of what the containers of a pod ask for.
   *
   * <p>Source: kubernetes.io/docs/concepts/workloads/pods/pod-qos and pod overhead.
   */
  public static PodResources of(Tree pod) {
    Quantity cpu = limit(pod, "cpu");
    Quantity memory = limit(pod, "memory");
    return new PodResources(
        PodSpec.qosClass(pod),
        PodSpec.request(pod, "cpu").milliValue(),
        cpu == null ? null : (Long) cpu.milliValue(),
        memory == null ? null : (Long) memory.value());
  }

  /** The sum of all limits, or the largest stage of the init containers where that is more. */
  private static @Nullable Quantity limit(Tree pod, String resource) {
    Object whole = pod.at("spec", "resources", "limits", resource);
    Quantity total = whole == null ? sum(pod, resource) : Quantity.of(whole);
    Object overhead = pod.at("spec", "overhead", resource);
    return total == null || overhead == null ? total : total.add(Quantity.of(overhead));
  }

  private static @Nullable Quantity sum(Tree pod, String resource) {
    Quantity sidecars = Quantity.ZERO;
    Quantity initial = Quantity.ZERO;
    for (Tree container : PodSpec.initContainers(pod)) {
      Quantity own = PodSpec.quantity(container, "limits", resource);
      if (own == null || own.isZero()) {
        return null;
      }
      if (PodSpec.sidecar(container)) {
        sidecars = sidecars.add(own);
        initial = Quantity.max(initial, sidecars);
      } else {
        initial = Quantity.max(initial, sidecars.add(own));
      }
    }
    Quantity running = sidecars;
    List<Tree> containers = PodSpec.containers(pod);
    for (Tree container : containers) {
      Quantity own = PodSpec.quantity(container, "limits", resource);
      if (own == null || own.isZero()) {
        return null;
      }
      running = running.add(own);
    }
    return Quantity.max(running, initial);
  }
}
