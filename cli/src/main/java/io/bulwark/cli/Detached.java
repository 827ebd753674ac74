package io.bulwark.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts a cluster in a session of its own and follows it until it is ready.
 *
 * <p>The cluster starts no earlier than this process gets to it, so this one does next to nothing
 * itself: the other reads the options, checks the machine, and tells on its standard output what
 * the person is to see. Its standard error is the log.
 */
final class Detached {
  /** Before a step; other lines are shown as they are. */
  static final String STEP = "\u0001step ";

  static final String READY = "\u0001ready";
  static final String DAEMON = "--daemon";

  private static final String OPTIONS = "BULWARK_DAEMON_OPTIONS";
  private static final String DETACH = "--detach";
  private static final String DIRECTORY = "--data-dir";

  /** Options that take the next argument: as the last one they are for picocli to refuse. */
  private static final List<String> WANTING =
      List.of(
          DIRECTORY,
          "--advertise-address",
          "--controllers",
          "--node-name",
          "--port",
          "--simulated-nodes",
          "--vulnerability-source");

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Detached() {}

  /** Whether these arguments plainly ask for a cluster in a session of its own. */
  static boolean asked(String[] arguments) {
    List<String> all = List.of(arguments);
    return all.size() > 1
        && all.getFirst().equals("up")
        && all.contains(DETACH)
        && !all.contains("--help")
        && !all.contains("-h")
        && !WANTING.contains(all.getLast())
        && namesDirectory(all);
  }

  /** Whether the directory is given once and plainly, or not at all; else picocli says why not. */
  private static boolean namesDirectory(List<String> all) {
    int given = 0;
    for (int i = 0; i < all.size(); i++) {
      boolean apart = all.get(i).equals(DIRECTORY);
      if (apart && (i + 1 == all.size() || all.get(i + 1).startsWith("--"))) {
        return false;
      }
      given += apart || all.get(i).startsWith(DIRECTORY + "=") ? 1 : 0;
    }
    return given <= 1;
  }

  /** Returns the exit code: 0 once the cluster is ready. */
  static int start(String[] arguments) throws IOException, InterruptedException {
    Path directory = directory(arguments);
    Path log = directory.resolve("log/bulwark.log");
    boolean logged = Files.exists(log);
    ProcessBuilder builder = new ProcessBuilder(command(arguments));
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectError(
        canWrite(log)
            ? ProcessBuilder.Redirect.appendTo(log.toFile())
            : ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove(OPTIONS);
    builder.directory(Path.of("/").toFile());
    Process process = builder.start();
    CompletableFuture.delayedExecutor(LIMIT.toSeconds(), TimeUnit.SECONDS)
        .execute(() -> endLate(process, log));
    Progress progress = Progress.standard();
    boolean begun = false;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(READY)) {
          return 0;
        }
        if (line.startsWith(STEP)) {
          begun = true;
          progress.step(line.substring(STEP.length()));
        } else {
          progress.done(line);
        }
      }
    }
    int code = process.waitFor();
    if (!begun && !logged) {
      forget(log);
    }
    if (begun || code > 2) {
      progress.done("bulwark: the cluster ended with exit code " + code + "; see " + log);
    }
    return code == 0 ? 1 : code;
  }

  /**
   * A refusal leaves nothing behind: the log and its directories go where they are empty. One that
   * was there before may be another process's, which writes to it.
   */
  private static void forget(Path log) {
    try {
      if (Files.exists(log) && Files.size(log) == 0) {
        Files.delete(log);
        Path directory = log.resolveSibling("").toAbsolutePath().normalize();
        Files.delete(directory);
        Files.delete(directory.resolveSibling("").toAbsolutePath().normalize());
      }
    } catch (IOException inUse) {
      // Others have something there.
    }
  }

  private static void endLate(Process process, Path log) {
    System.err.println(
        "bulwark: the cluster is not ready after " + LIMIT.toMinutes() + " minutes; see " + log);
    process.toHandle().destroy(); // Process.destroy would close what start() reads
  }

  private static boolean canWrite(Path log) {
    try {
      Files.createDirectories(log.resolveSibling("").toAbsolutePath());
      return true;
    } catch (IOException refused) {
      return false; // the other process says why
    }
  }

  private static Path directory(String[] arguments) {
    String given = null;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals(DIRECTORY)) {
        given = arguments[i + 1];
      } else if (arguments[i].startsWith(DIRECTORY + "=")) {
        given = arguments[i].substring(DIRECTORY.length() + 1);
      }
    }
    return (given == null ? new DataDirectory() : DataDirectory.of(given)).own();
  }

  /**
   * This very command without {@code --detach}, in a session of its own, with the options for Java
   * that the launcher left in the environment, or else with those of this process.
   */
  private static List<String> command(String[] arguments) {
    ProcessHandle.Info self = ProcessHandle.current().info();
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(self.command().orElseThrow(() -> new Refusal("cannot tell how Java was started")));
    command.addAll(options(System.getenv(OPTIONS), self));
    command.add("-jar");
    command.add(Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString());
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals(DIRECTORY)) {
        i++;
      } else if (!arguments[i].equals(DETACH) && !arguments[i].startsWith(DIRECTORY + "=")) {
        command.add(arguments[i]);
      }
    }
    command.add(DIRECTORY + "=" + directory(arguments));
    command.add(DAEMON);
    return command;
  }

  private static List<String> options(@Nullable String given, ProcessHandle.Info self) {
    if (given != null) {
      return given.lines().filter(option -> !option.isEmpty()).toList();
    }
    List<String> own = List.of(self.arguments().orElse(new String[0]));
    return own.subList(0, Math.max(0, own.indexOf("-jar")));
  }
}
