package io.bulwark.cli;

import io.bulwark.cluster.ClusterConfiguration;

/** What a person sees when the cluster is up: a line to paste. */
final class Welcome {
  private Welcome() {}

  /**
   * @param port of the API server
   */
  static String text(ClusterConfiguration configuration, int port) {
    String node =
        configuration.simulatedNodes() > 0
            ? configuration.simulatedNodes() + " simulated nodes"
            : "node " + configuration.nodeName();
    return "Bulwark is up at https://%s:%d with %s. Use it with:%n%n  export KUBECONFIG=%s%n"
        .formatted(
            configuration.advertiseAddress(),
            port,
            node,
            shellWord(configuration.administratorKubeconfig().toString()));
  }

  /** Text as a shell reads it whole: as it is where that is plain. */
  static String shellWord(String text) {
    return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
