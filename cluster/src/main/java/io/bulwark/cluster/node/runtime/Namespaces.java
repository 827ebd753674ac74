package io.bulwark.cluster.node.runtime;

/**
 * Which namespaces a pod shares.
 *
 * @param hostNetwork with the node
 * @param hostPid with the node
 * @param hostIpc with the node
 * @param sharedPid one process namespace for all containers of the pod
 * @param target id of the container whose process namespace is shared; empty for none
 */
public record Namespaces(
    boolean hostNetwork, boolean hostPid, boolean hostIpc, boolean sharedPid, String target) {
  public static final Namespaces OWN = new Namespaces(false, false, false, false, "");

  public Namespaces targeting(String container) {
    return new Namespaces(hostNetwork, hostPid, hostIpc, sharedPid, container);
  }
}
