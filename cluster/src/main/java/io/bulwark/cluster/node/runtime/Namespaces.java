package io.bulwark.cluster.node.runtime;

/**
 * Which namespaces a pod shares.
 *
 * @param hostNetwork with the node
 * @param hostPid with the node
 * @param hostIpc with the node
 * @param sharedPid one process namespace for all containers of the pod
 */
public record Namespaces(boolean hostNetwork, boolean hostPid, boolean hostIpc, boolean sharedPid) {
  public static final Namespaces OWN = new Namespaces(false, false, false, false);
}
