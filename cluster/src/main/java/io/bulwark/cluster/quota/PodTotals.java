package io.bulwark.cluster.quota;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * What a pod asks for, and what it is limited to, all containers and the overhead of its runtime
 * class together.
 *
 * <p>Source: kubernetes component-helpers resource, PodRequests and PodLimits.
 */
public final class PodTotals {
  private PodTotals() {}

  public static SortedMap<String, Quantity> requests(Tree pod) {
    SortedMap<String, Quantity> total = sum(pod, "requests");
    pod.treeOrEmpty("spec", "overhead")
        .forEach((name, value) -> total.merge(name, Quantity.of(value), Quantity::add));
    return total;
  }

  /** What is limited; the overhead adds to limits that there are. */
  public static SortedMap<String, Quantity> limits(Tree pod) {
    SortedMap<String, Quantity> total = sum(pod, "limits");
    pod.treeOrEmpty("spec", "overhead")
        .forEach(
            (name, value) ->
                total.computeIfPresent(name, (_, limit) -> limit.add(Quantity.of(value))));
    return total;
  }

  private static SortedMap<String, Quantity> sum(Tree pod, String part) {
    SortedMap<String, Quantity> running = new TreeMap<>();
    for (Tree container : pod.trees("spec", "containers")) {
      merge(running, amounts(container, part), Quantity::add);
    }
    SortedMap<String, Quantity> sidecars = new TreeMap<>();
    SortedMap<String, Quantity> starting = new TreeMap<>();
    for (Tree container : pod.trees("spec", "initContainers")) {
      SortedMap<String, Quantity> own = amounts(container, part);
      if ("Always".equals(container.text("restartPolicy"))) {
        merge(sidecars, own, Quantity::add);
        merge(starting, sidecars, Quantity::max);
      } else {
        merge(own, sidecars, Quantity::add);
        merge(starting, own, Quantity::max);
      }
    }
    merge(running, sidecars, Quantity::add);
    merge(running, starting, Quantity::max);
    running.putAll(amounts(pod.treeOrEmpty("spec"), part));
    return running;
  }

  private static SortedMap<String, Quantity> amounts(Tree holder, String part) {
    SortedMap<String, Quantity> amounts = new TreeMap<>();
    holder
        .treeOrEmpty("resources", part)
        .forEach((name, value) -> amounts.put(name, Quantity.of(value)));
    return amounts;
  }

  private static void merge(
      Map<String, Quantity> total, Map<String, Quantity> more, BinaryOperator<Quantity> how) {
    more.forEach((name, amount) -> total.merge(name, amount, how));
  }
}
