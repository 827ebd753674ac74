package io.bulwark.cli;

import io.bulwark.cluster.ClusterConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts the cluster in a session of its own and follows it until it is ready. */
final class Detached {
  static final String READY = "ready";
  static final String FAILED = "failed: ";
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long POLL_MILLIS = 20;

  private Detached() {}

  /** Appends a line to the steps that {@link #start} follows. */
  static void report(Path steps, String line) {
    try {
      Files.writeString(steps, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unseen) {
      System.err.println("note: " + unseen);
    }
  }

  static int start(Path directory, ClusterConfiguration configuration)
      throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("run"));
    Files.createDirectories(directory.resolve("log"));
    Path steps = directory.resolve("run/progress");
    Files.deleteIfExists(steps);
    Path log = directory.resolve("log/bulwark.log");
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.directory(Path.of("/").toFile());
    Process process = builder.start();
    Progress progress = Progress.standard();
    long end = System.nanoTime() + LIMIT.toNanos();
    int seen = 0;
    while (System.nanoTime() < end) {
      List<String> lines = Files.exists(steps) ? Files.readAllLines(steps) : List.of();
      for (; seen < lines.size(); seen++) {
        String line = lines.get(seen);
        if (line.equals(READY)) {
          progress.done(Welcome.text(configuration));
          return 0;
        }
        if (line.startsWith(FAILED)) {
          throw new Refusal(
              "the cluster did not start: " + line.substring(FAILED.length()) + "; see " + log);
        }
        progress.step(line);
      }
      if (!process.isAlive()) {
        throw new Refusal(
            "the cluster ended with exit code " + process.exitValue() + "; see " + log);
      }
      Thread.sleep(POLL_MILLIS);
    }
    process.destroy();
    throw new Refusal(
        "the cluster is not ready after " + LIMIT.toMinutes() + " minutes; see " + log);
  }

  /** This very command without {@code --detach}, in a session of its own. */
  private static List<String> command() {
    ProcessHandle.Info self = ProcessHandle.current().info();
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(self.command().orElseThrow(() -> new Refusal("cannot tell how Java was started")));
    for (String argument : self.arguments().orElse(new String[0])) {
      if (!argument.equals("--detach")) {
        command.add(argument);
      }
    }
    command.add("--daemon");
    return command;
  }
}
