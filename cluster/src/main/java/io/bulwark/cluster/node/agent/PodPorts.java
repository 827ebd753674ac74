package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import java.util.Collection;

/** Ports of the node that lead to its pods. Thread-safe. */
public interface PodPorts {
  /** Takes over the pods that were there before the agent. */
  void begin(Collection<Tree> present);

  /**
   * Opens the ports that a pod asks for; returns when they are open.
   *
   * @throws Refused if they cannot be opened
   */
  void open(Tree pod, String address) throws Refused, InterruptedException;

  /** Closes the ports of a pod. Repeatable. */
  void close(String uid);

  /** The kernel said no; the message has its words. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    public Refused(String message) {
      super(message);
    }
  }

  /** For a node that opens none. */
  PodPorts NONE =
      new PodPorts() {
        @Override
        public void begin(Collection<Tree> present) {}

        @Override
        public void open(Tree pod, String address) {}

        @Override
        public void close(String uid) {}
      };
}
