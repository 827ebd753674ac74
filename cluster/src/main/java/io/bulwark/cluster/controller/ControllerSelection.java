package io.bulwark.cluster.controller;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which controllers run, in the words of upstream's {@code --controllers}: {@code *} for all,
 * {@code foo} for the one of that name, {@code -foo} for all but that one. The first that names a
 * controller counts; what nothing names runs if there is a {@code *}. Immutable.
 *
 * <p>Source: the reference page of kube-controller-manager, {@code --controllers}
 */
public record ControllerSelection(List<String> entries) {
  public static final ControllerSelection DEFAULT = new ControllerSelection(List.of("*"));

  private static final Set<String> NAMES =
      Set.of(
          "certificatesigningrequest-signing-controller",
          "clusterrole-aggregation-controller",
          "deployment-controller",
          "endpoints-controller",
          "endpointslice-controller",
          "endpointslice-mirroring-controller",
          "garbage-collector-controller",
          "image-controller",
          "namespace-controller",
          "node-ipam-controller",
          "node-lifecycle-controller",
          "pod-garbage-collector-controller",
          "replicaset-controller",
          "replicationcontroller-controller",
          "root-ca-certificate-publisher-controller",
          "serviceaccount-controller",
          "taint-eviction-controller");

  /**
   * @throws IllegalArgumentException if an entry names no controller
   */
  public ControllerSelection {
    entries = List.copyOf(entries);
    for (String entry : entries) {
      String name = entry.startsWith("-") ? entry.substring(1) : entry;
      if (!entry.equals("*") && !NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "\"%s\" is not in the list of known controllers: %s"
                .formatted(name, String.join(", ", new TreeSet<>(NAMES))));
      }
    }
  }

  /** Whether a controller runs, by upstream's name for it. */
  public boolean runs(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("no such controller: " + name);
    }
    for (String entry : entries) {
      if (entry.equals(name)) {
        return true;
      }
      if (entry.equals("-" + name)) {
        return false;
      }
    }
    return entries.contains("*");
  }
}
