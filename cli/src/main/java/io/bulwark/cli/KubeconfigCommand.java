package io.bulwark.cli;

import io.bulwark.cluster.ClusterConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints where the administrator's kubeconfig is. */
@Command(
    name = "kubeconfig",
    description = "Print the path of the administrator's kubeconfig.",
    mixinStandardHelpOptions = true)
final class KubeconfigCommand implements Callable<Integer> {
  @Mixin private DataDirectory data = new DataDirectory();

  @Override
  public Integer call() {
    Path kubeconfig = ClusterConfiguration.administratorKubeconfig(data.existing());
    if (!Files.exists(kubeconfig)) {
      throw new Refusal(
          "no kubeconfig at " + kubeconfig + " yet; start the cluster with: bulwark up");
    }
    System.out.println(kubeconfig);
    return 0;
  }
}
