package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changed resources of running pods: grants what fits the node, then changes containers without
 * restarting them where their policy allows it. Thread-safe; a pod's calls come one by one.
 *
 * <p>Source: KEP-1287; conditions PodResizePending and PodResizeInProgress.
 */
public final class PodResizes {
  private final ContainerRuntime runtime;
  private final Supplier<Tree> node;
  private final Function<String, List<Tree>> others;
  private final long nodeMemory;

  /**
   * @param node the Node object
   * @param others the pods of the node without the one of this uid
   * @param nodeMemory bytes
   */
  public PodResizes(
      ContainerRuntime runtime,
      Supplier<Tree> node,
      Function<String, List<Tree>> others,
      long nodeMemory) {
    this.runtime = runtime;
    this.node = node;
    this.others = others;
    this.nodeMemory = nodeMemory;
  }

  /**
   * The pod with the resources that the node has granted it, which are those it asks for unless
   * they changed and do not fit; the memory says which and why.
   */
  public Tree granted(PodMemory memory, Tree pod) {
    if (memory.granted.isEmpty()) {
      for (Tree container : PodSpec.allContainers(pod)) {
        memory.granted.put(container.textOrEmpty("name"), before(pod, container, ""));
      }
    }
    memory.resizePending = null;
    if (changed(memory, pod)) {
      Verdict refusal = refusal(pod);
      if (refusal == null) {
        for (Tree container : PodSpec.allContainers(pod)) {
          memory.granted.put(container.textOrEmpty("name"), resources(container));
        }
      }
      memory.resizePending = refusal;
    }
    return memory.resizePending == null ? pod : withGranted(memory, pod);
  }

  /**
   * What a container was given before this agent began, as far as its status tells.
   *
   * @param id of the container, or empty for any
   */
  private static Tree before(Tree pod, Tree container, String id) {
    for (String list : new String[] {"containerStatuses", "initContainerStatuses"}) {
      for (Tree status : pod.trees("status", list)) {
        if (status.textOrEmpty("name").equals(container.textOrEmpty("name"))
            && status.has("containerID")
            && status.textOrEmpty("containerID").endsWith(id)
            && status.tree("resources") instanceof Tree known) {
          return known;
        }
      }
    }
    return resources(container);
  }

  private static Tree resources(Tree container) {
    return container.treeOrEmpty("resources");
  }

  private static boolean changed(PodMemory memory, Tree pod) {
    return PodSpec.allContainers(pod).stream()
        .anyMatch(
            container ->
                !same(resources(container), memory.granted.get(container.textOrEmpty("name"))));
  }

  private static boolean same(Tree one, @Nullable Tree other) {
    if (other == null) {
      return false;
    }
    for (String kind : new String[] {"limits", "requests"}) {
      for (String resource : new String[] {"cpu", "memory"}) {
        if (!Objects.equals(amount(one, kind, resource), amount(other, kind, resource))) {
          return false;
        }
      }
    }
    return true;
  }

  private static @Nullable Long amount(Tree resources, String kind, String resource) {
    Object value = resources.at(kind, resource);
    if (value == null) {
      return null;
    }
    Quantity quantity = Quantity.of(value);
    return resource.equals("cpu") ? quantity.milliValue() : quantity.value();
  }

  private @Nullable Verdict refusal(Tree pod) {
    Tree allocatable = node.get().treeOrEmpty("status", "allocatable");
    for (String resource : new String[] {"memory", "cpu"}) {
      boolean cpu = resource.equals("cpu");
      Quantity wanted = PodSpec.request(pod, resource);
      Quantity most = Quantity.of(allocatable.get(resource));
      if (wanted.compareTo(most) > 0) {
        return new Verdict(
            "Infeasible",
            "Node didn't have enough capacity: %s, requested: %d, capacity: %d"
                .formatted(
                    resource,
                    cpu ? wanted.milliValue() : wanted.value(),
                    cpu ? most.milliValue() : most.value()));
      }
    }
    Verdict verdict = PodAdmission.resources(pod, node.get(), others.apply(Meta.uid(pod)));
    return verdict == null ? null : new Verdict("Deferred", verdict.message());
  }

  private static Tree withGranted(PodMemory memory, Tree pod) {
    Tree copy = pod.copy();
    for (Tree container : PodSpec.allContainers(copy)) {
      Tree known = memory.granted.get(container.textOrEmpty("name"));
      if (known != null) {
        container.put("resources", known.copy());
      }
    }
    return copy.freeze();
  }

  /**
   * Gives a running container what its pod was granted.
   *
   * @param pod as granted
   * @return whether the container must be restarted for it
   */
  public boolean apply(PodMemory memory, Tree pod, Tree container, ContainerState running) {
    String name = container.textOrEmpty("name");
    Tree wanted = resources(container);
    memory.resizeErrors.remove(name);
    Tree known = memory.given.computeIfAbsent(running.id(), id -> before(pod, container, id));
    if (same(wanted, known)) {
      return false;
    }
    if (restarts(container, wanted, known)) {
      return true;
    }
    try {
      PodCgroup.apply(pod, true);
      memory.loosened = true;
      runtime.updateContainer(running.id(), PodCgroup.limits(pod, container, nodeMemory));
      memory.given.put(running.id(), wanted);
    } catch (RuntimeFailure | IOException refused) {
      memory.resizeErrors.put(name, String.valueOf(refused.getMessage()));
    }
    return false;
  }

  /**
   * Narrows the pod's bounds once every container has what it was granted; the kernel refuses
   * bounds below those of a container.
   *
   * @return whether nothing is left to do
   */
  public boolean settle(PodMemory memory, Tree pod) {
    memory.resizeErrors.remove("");
    if (memory.loosened && memory.resizeErrors.isEmpty()) {
      try {
        PodCgroup.apply(pod, false);
        memory.loosened = false;
      } catch (IOException refused) {
        memory.resizeErrors.put("", String.valueOf(refused.getMessage()));
      }
    }
    return memory.resizeErrors.isEmpty();
  }

  private static boolean restarts(Tree container, Tree wanted, Tree known) {
    for (Tree policy : container.trees("resizePolicy")) {
      String resource = policy.textOrEmpty("resourceName");
      if (policy.textOrEmpty("restartPolicy").equals("RestartContainer")
          && !(Objects.equals(amount(wanted, "limits", resource), amount(known, "limits", resource))
              && Objects.equals(
                  amount(wanted, "requests", resource), amount(known, "requests", resource)))) {
        return true;
      }
    }
    return false;
  }
}
