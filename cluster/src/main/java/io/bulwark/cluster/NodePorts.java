package io.bulwark.cluster;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.network.hostport.HostPorts;
import io.bulwark.cluster.network.kernel.Kernel;
import io.bulwark.cluster.node.agent.PodPorts;
import java.util.Collection;

/** The ports of a node that lead to its pods, as packet rules. Thread-safe. */
public record NodePorts(HostPorts rules) implements PodPorts {
  @Override
  public void begin(Collection<Tree> present) {
    rules.begin(present);
  }

  @Override
  public void open(Tree pod, String address) throws Refused, InterruptedException {
    try {
      rules.open(pod, address);
    } catch (Kernel.Refused refused) {
      throw new Refused(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public void close(String uid) {
    rules.close(uid);
  }
}
