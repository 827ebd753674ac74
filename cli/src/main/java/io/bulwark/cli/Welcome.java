package io.bulwark.cli;

import io.bulwark.client.Kubeconfig;
import io.bulwark.cluster.ClusterConfiguration;
import java.io.IOException;

/** What a person sees when the cluster is up: a line to paste. */
final class Welcome {
  private Welcome() {}

  static String text(ClusterConfiguration configuration) throws IOException {
    String node =
        configuration.simulatedNodes() > 0
            ? configuration.simulatedNodes() + " simulated nodes"
            : "node " + configuration.nodeName();
    return "Bulwark is up at https://%s:%d with %s. Use it with:%n%n  export KUBECONFIG=%s%n"
        .formatted(
            configuration.advertiseAddress(),
            Kubeconfig.load(configuration.administratorKubeconfig()).server().getPort(),
            node,
            configuration.administratorKubeconfig());
  }
}
