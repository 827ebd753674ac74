package io.bulwark.cli;

import io.bulwark.cluster.Teardown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops everything that {@code up} started, pods included; keeps the data. */
@Command(
    name = "down",
    description = "Stop the cluster and its pods, which have 10 s to end; data is kept.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 30;
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Mixin private DataDirectory data = new DataDirectory();

  @Override
  public Integer call() throws Exception {
    stop(data.existing(), GRACE);
    return 0;
  }

  /**
   * @param grace what containers have to end by themselves
   */
  static void stop(Path directory, Duration grace) throws Exception {
    RunningProcess running = new RunningProcess(directory);
    ProcessHandle process = running.find().orElse(null);
    if (process != null) {
      process.destroy();
      try {
        process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException stuck) {
        process.destroyForcibly();
        process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    }
    if (running.claimed()) {
      throw new Refusal("a cluster is starting in " + directory + "; try again when it is up");
    }
    running.forget();
    Teardown.stopContainers(directory, grace);
    System.err.println(
        process == null
            ? "Nothing was running in " + directory + "; what was left of it is cleaned."
            : "Stopped the cluster in " + directory + ".");
  }
}
