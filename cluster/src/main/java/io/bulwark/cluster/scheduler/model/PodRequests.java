package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.tree.Tree;

/**
 * What a pod asks of a node.
 *
 * <p>Source: kubernetes component-helpers resource, PodRequests.
 */
final class PodRequests {
  /** What a container that asks for nothing counts as when nodes are compared. */
  private static final long DEFAULT_CPU = 100;

  private static final long DEFAULT_MEMORY = 200L * 1024 * 1024;

  private PodRequests() {}

  /**
   * @param exact what counts for fitting
   * @param assumed with defaults for containers that ask for nothing; counts for comparing
   */
  record Both(Amounts exact, Amounts assumed) {}

  static Both of(Tree pod) {
    return new Both(sum(pod, false), sum(pod, true));
  }

  private static Amounts sum(Tree pod, boolean defaults) {
    Amounts running = Amounts.NONE;
    for (Tree container : pod.trees("spec", "containers")) {
      running = running.plus(container(container, defaults));
    }
    Amounts sidecars = Amounts.NONE;
    Amounts starting = Amounts.NONE;
    for (Tree container : pod.trees("spec", "initContainers")) {
      Amounts request = container(container, defaults);
      if ("Always".equals(container.text("restartPolicy"))) {
        sidecars = sidecars.plus(request);
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(request.plus(sidecars));
      }
    }
    Amounts total = running.plus(sidecars).max(starting);
    Tree whole = pod.treeOrEmpty("spec", "resources", "requests");
    if (!whole.isEmpty()) {
      total = replaced(total, whole);
    }
    return total.plus(Amounts.of(pod.treeOrEmpty("spec", "overhead")));
  }

  private static Amounts replaced(Amounts total, Tree whole) {
    Amounts given = Amounts.of(whole);
    return new Amounts(
        whole.containsKey("cpu") ? given.cpu() : total.cpu(),
        whole.containsKey("memory") ? given.memory() : total.memory(),
        total.storage(),
        total.others());
  }

  private static Amounts container(Tree container, boolean defaults) {
    Tree requests = container.treeOrEmpty("resources", "requests");
    Amounts exact = Amounts.of(requests);
    if (!defaults) {
      return exact;
    }
    return new Amounts(
        requests.containsKey("cpu") ? exact.cpu() : DEFAULT_CPU,
        requests.containsKey("memory") ? exact.memory() : DEFAULT_MEMORY,
        exact.storage(),
        exact.others());
  }
}
