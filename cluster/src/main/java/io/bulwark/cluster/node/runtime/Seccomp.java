package io.bulwark.cluster.node.runtime;

/** A system call filter. */
public sealed interface Seccomp {
  /** The runtime's own. */
  record RuntimeDefault() implements Seccomp {}

  record Unconfined() implements Seccomp {}

  /**
   * @param path of a profile on the node
   */
  record Localhost(String path) implements Seccomp {}
}
