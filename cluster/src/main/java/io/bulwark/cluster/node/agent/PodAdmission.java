package io.bulwark.cluster.node.agent;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.scheduler.model.NodeInfo;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.model.Taint;
import io.bulwark.cluster.scheduler.model.Toleration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses pods that were bound here though they do not fit: the node checks again what the
 * scheduler checked.
 */
public final class PodAdmission {
  private PodAdmission() {}

  /**
   * @param node the Node object
   * @param others the pods that the node already runs
   * @return why the pod is refused, or null
   */
  public static @Nullable Verdict check(Tree pod, Tree node, List<Tree> others) {
    Verdict lack = resources(pod, node, others);
    if (lack != null) {
      return lack;
    }
    NodeInfo info = NodeInfo.of(node);
    PodInfo wishes = PodInfo.of(pod);
    if (!wishes.selects(info)) {
      return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    }
    if (portsTaken(wishes, others)) {
      return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports");
    }
    for (Taint taint : info.taints()) {
      if (taint.effect().equals(Taint.NO_EXECUTE)
          && !Toleration.anyTolerates(wishes.tolerations(), taint)) {
        return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
      }
    }
    String system = pod.textOrEmpty("spec", "os", "name");
    return system.isEmpty() || system.equals("linux")
        ? SecurityAdmission.check(pod, MachineFacts.appArmor())
        : new Verdict(
            "PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
  }

  /** Which resource the node has too little of, or null. */
  static @Nullable Verdict resources(Tree pod, Tree node, List<Tree> others) {
    Tree allocatable = node.treeOrEmpty("status", "allocatable");
    long most = Quantity.of(allocatable.get("pods")).value();
    if (others.size() + 1 > most) {
      return outOf("pods", 1, others.size(), most);
    }
    for (String resource : new String[] {"cpu", "memory", "ephemeral-storage"}) {
      Quantity wanted = PodSpec.request(pod, resource);
      if (wanted.isZero() || !allocatable.has(resource)) {
        continue;
      }
      Quantity used = Quantity.ZERO;
      for (Tree other : others) {
        used = used.add(PodSpec.request(other, resource));
      }
      Quantity limit = Quantity.of(allocatable.get(resource));
      if (used.add(wanted).compareTo(limit) > 0) {
        boolean cpu = resource.equals("cpu");
        return outOf(
            resource,
            cpu ? wanted.milliValue() : wanted.value(),
            cpu ? used.milliValue() : used.value(),
            cpu ? limit.milliValue() : limit.value());
      }
    }
    return null;
  }

  private static Verdict outOf(String resource, long wanted, long used, long most) {
    return new Verdict(
        "OutOf" + resource,
        "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
            .formatted(resource, wanted, used, most));
  }

  private static Verdict predicate(String name, String reason) {
    return new Verdict(name, "Predicate " + name + " failed: " + reason);
  }

  private static boolean portsTaken(PodInfo pod, List<Tree> others) {
    return !pod.ports().isEmpty()
        && others.stream()
            .flatMap(other -> PodInfo.of(other).ports().stream())
            .anyMatch(taken -> pod.ports().stream().anyMatch(taken::conflicts));
  }
}
