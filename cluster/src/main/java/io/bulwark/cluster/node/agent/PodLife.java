package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;

/** Moves a pod one step towards what its object asks for. */
public interface PodLife {
  /**
   * One turn; blocks. Repeatable at any time: it reads what is, and never trusts what was.
   *
   * @param pod the newest object; where it is gone from the API, its last form with a
   *     deletionTimestamp
   * @throws InterruptedException when the agent ends
   */
  Turn advance(PodMemory memory, Tree pod) throws InterruptedException;
}
