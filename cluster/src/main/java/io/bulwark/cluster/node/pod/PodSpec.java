package io.bulwark.cluster.node.pod;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions about a pod object that several stages ask. */
public final class PodSpec {
  private PodSpec() {}

  public static List<Tree> containers(Tree pod) {
    return pod.trees("spec", "containers");
  }

  public static List<Tree> initContainers(Tree pod) {
    return pod.trees("spec", "initContainers");
  }

  /** Containers that were added to a running pod to look into it. */
  public static List<Tree> ephemeralContainers(Tree pod) {
    return pod.trees("spec", "ephemeralContainers");
  }

  /** Init containers, then the others, without the ephemeral ones. */
  public static List<Tree> allContainers(Tree pod) {
    List<Tree> all = new ArrayList<>(initContainers(pod));
    all.addAll(containers(pod));
    return all;
  }

  /** The container specification of a name, ephemeral ones included, or null. */
  public static @Nullable Tree container(Tree pod, String name) {
    List<Tree> all = allContainers(pod);
    all.addAll(ephemeralContainers(pod));
    for (Tree container : all) {
      if (container.textOrEmpty("name").equals(name)) {
        return container;
      }
    }
    return null;
  }

  /** Whether an init container keeps running beside the others. */
  public static boolean sidecar(Tree container) {
    return container.textOrEmpty("restartPolicy").equals("Always");
  }

  /** Always, OnFailure or Never. */
  public static String restartPolicy(Tree pod) {
    String policy = pod.textOrEmpty("spec", "restartPolicy");
    return policy.isEmpty() ? "Always" : policy;
  }

  public static boolean hostNetwork(Tree pod) {
    return pod.flag("spec", "hostNetwork");
  }

  /** Succeeded or Failed. */
  public static boolean finished(Tree pod) {
    String phase = pod.textOrEmpty("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** {@code name_namespace(uid)}, as upstream's messages name a pod. */
  public static String described(Tree pod) {
    return "%s_%s(%s)".formatted(Meta.name(pod), Meta.namespace(pod), Meta.uid(pod));
  }

  /** Guaranteed, Burstable or BestEffort. */
  public static String qosClass(Tree pod) {
    String assigned = pod.textOrEmpty("status", "qosClass");
    return assigned.isEmpty() ? computedQosClass(pod) : assigned;
  }

  private static String computedQosClass(Tree pod) {
    boolean some = false;
    boolean guaranteed = true;
    for (Tree container : allContainers(pod)) {
      for (String resource : new String[] {"cpu", "memory"}) {
        Quantity limit = quantity(container, "limits", resource);
        Quantity request = quantity(container, "requests", resource);
        some |= limit != null || request != null;
        guaranteed &= limit != null && (request == null || request.compareTo(limit) == 0);
      }
    }
    return guaranteed ? "Guaranteed" : some ? "Burstable" : "BestEffort";
  }

  /** What a container requests or is limited to, or null; requests default to limits. */
  public static @Nullable Quantity quantity(Tree container, String kind, String resource) {
    Object value = container.at("resources", kind, resource);
    if (value == null && kind.equals("requests")) {
      value = container.at("resources", "limits", resource);
    }
    return value == null ? null : Quantity.of(value);
  }

  /**
   * What a pod asks for in all: the sum of its containers and sidecars, or its largest init
   * container where that is more, and its overhead.
   */
  public static Quantity request(Tree pod, String resource) {
    Quantity running = Quantity.ZERO;
    Quantity initial = Quantity.ZERO;
    Quantity sidecars = Quantity.ZERO;
    for (Tree container : initContainers(pod)) {
      Quantity own = orZero(quantity(container, "requests", resource));
      if (sidecar(container)) {
        sidecars = sidecars.add(own);
        initial = Quantity.max(initial, sidecars);
      } else {
        initial = Quantity.max(initial, sidecars.add(own));
      }
    }
    for (Tree container : containers(pod)) {
      running = running.add(orZero(quantity(container, "requests", resource)));
    }
    Object whole = pod.at("spec", "resources", "requests", resource);
    Quantity total =
        whole == null ? Quantity.max(running.add(sidecars), initial) : Quantity.of(whole);
    Object overhead = pod.at("spec", "overhead", resource);
    return overhead == null ? total : total.add(Quantity.of(overhead));
  }

  private static Quantity orZero(@Nullable Quantity quantity) {
    return quantity == null ? Quantity.ZERO : quantity;
  }
}
