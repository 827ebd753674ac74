package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    if (!selected(pod, node)) {
      return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    }
    for (Tree other : others) {
      Set<String> ports = hostPorts(pod);
      ports.retainAll(hostPorts(other));
      if (!ports.isEmpty()) {
        return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports");
      }
    }
    return null;
  }

  private static Verdict outOf(String resource, long wanted, long used, long most) {
    return new Verdict(
        "OutOf" + resource,
        "Pod was rejected: Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
            .formatted(resource, wanted, used, most));
  }

  private static Verdict predicate(String name, String reason) {
    return new Verdict(name, "Pod was rejected: Predicate " + name + " failed: " + reason);
  }

  private static boolean selected(Tree pod, Tree node) {
    Tree selector = pod.treeOrEmpty("spec", "nodeSelector");
    return selector.entrySet().stream()
        .allMatch(wish -> String.valueOf(wish.getValue()).equals(Meta.label(node, wish.getKey())));
  }

  private static Set<String> hostPorts(Tree pod) {
    Set<String> ports = new HashSet<>();
    for (Tree container : PodSpec.allContainers(pod)) {
      for (Tree port : container.trees("ports")) {
        long number =
            PodSpec.hostNetwork(pod) ? port.number(0, "containerPort") : port.number(0, "hostPort");
        if (number > 0) {
          String address = port.textOrEmpty("hostIP");
          boolean every = address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
          String protocol = port.textOrEmpty("protocol");
          ports.add(
              number
                  + "/"
                  + (protocol.isEmpty() ? "TCP" : protocol)
                  + "/"
                  + (every ? "*" : address));
        }
      }
    }
    return ports;
  }
}
