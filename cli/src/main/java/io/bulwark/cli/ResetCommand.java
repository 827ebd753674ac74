package io.bulwark.cli;

import io.bulwark.cluster.Teardown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops the cluster and wipes its data. */
@Command(
    name = "reset",
    description = "Stop the cluster and delete all of its data.",
    mixinStandardHelpOptions = true)
final class ResetCommand implements Callable<Integer> {
  @Mixin private DataDirectory data = new DataDirectory();

  @Override
  public Integer call() throws Exception {
    Path directory = data.existing();
    DownCommand.stop(directory, Duration.ZERO);
    Teardown.wipe(directory);
    System.err.println("Deleted the data in " + directory + ".");
    return 0;
  }
}
