package io.bulwark.cli;

import com.google.errorprone.annotations.Keep;
import io.bulwark.cli.preflight.Finding;
import io.bulwark.cli.preflight.Machine;
import io.bulwark.cli.preflight.Preflight;
import io.bulwark.cluster.ClusterConfiguration;
import io.bulwark.cluster.Main;
import io.bulwark.cluster.controller.ControllerSelection;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a cluster: control plane, and a node on this machine. */
@Command(
    name = "up",
    description = "Start a cluster on this machine.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Mixin private DataDirectory data = new DataDirectory();

  @Option(
      names = "--port",
      description = "Port of the API server; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port = ClusterConfiguration.DEFAULT_PORT;

  // Obeyed by Detached, before the options are read; set only where it could not be.
  @Option(names = "--detach", description = "Return once the node is ready; the cluster stays up.")
  private boolean detach;

  @Option(
      names = "--simulated-nodes",
      paramLabel = "N",
      description = "Run N nodes without containers instead of a real one; needs no root.")
  private int simulatedNodes = -1;

  // Obeyed by the launcher, which passes its arguments on.
  @Keep
  @Option(names = "--no-install", description = "Do not install missing packages; name them.")
  private boolean noInstall;

  @Option(names = "--node-name", description = "Name of the node (default: the host name).")
  private String nodeName = ClusterConfiguration.hostName();

  @Option(
      names = "--advertise-address",
      paramLabel = "IP",
      description = "Where nodes and pods reach this machine (default: its first address).")
  private @Nullable String advertiseAddress;

  @Option(
      names = "--controllers",
      split = ",",
      paramLabel = "NAME",
      description =
          "Controllers that run: '*' for all, 'foo' for one, '-foo' for all but that one "
              + "(default: *). Without '*' only those that are named run.")
  private List<String> controllers = List.of("*");

  @Option(
      names = "--vulnerability-source",
      paramLabel = "URL",
      description =
          "Fetch vulnerability data from there at the start and every six hours; https only. May be"
              + " given several times (default: none).")
  private List<URI> vulnerabilitySources = List.of();

  @Option(names = "--daemon", hidden = true)
  private boolean daemon;

  /**
   * Takes an option that is written plainly.
   *
   * @return whether it did; picocli then reads all of them, and says what is wrong
   */
  boolean take(String name, String value) {
    switch (name) {
      case "--data-dir" -> data = DataDirectory.of(value);
      case "--node-name" -> nodeName = value;
      case "--advertise-address" -> advertiseAddress = value;
      case "--controllers" -> controllers = List.of(value.split(",", -1));
      case "--port", "--simulated-nodes" -> {
        if (!value.matches("[0-9]{1,6}")) {
          return false;
        }
        if (name.equals("--port")) {
          port = Integer.parseInt(value);
        } else {
          simulatedNodes = Integer.parseInt(value);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Takes an option without a value; see {@link #take(String, String)}. */
  boolean take(String name) {
    switch (name) {
      case Detached.DAEMON -> daemon = true;
      case "--no-install" -> noInstall = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What picocli does with a command that it has read. */
  int execute() {
    try {
      return call();
    } catch (Exception thrown) {
      Bulwark.tell(thrown, new PrintWriter(screen(), true, screen().charset()));
      return 1;
    }
  }

  /** Where the person looks: a process in a session of its own tells its parent. */
  private PrintStream screen() {
    return daemon ? System.out : System.err;
  }

  @Override
  public Integer call() throws Exception {
    if (detach) {
      throw new Refusal("write --detach without a value");
    }
    if (port < 0 || port > 65_535) {
      throw new Refusal(
          "--port " + port + " is no port; give one from 1 to 65535, or 0 for any free one");
    }
    if (simulatedNodes < -1 || simulatedNodes > 10_000) {
      throw new Refusal("--simulated-nodes takes a number from 0 to 10000");
    }
    Path directory = data.own();
    RunningProcess running = new RunningProcess(directory);
    running
        .find()
        .ifPresent(
            process -> {
              throw new Refusal(
                  "already running as process %d; stop it with: bulwark down --data-dir %s"
                      .formatted(process.pid(), directory));
            });
    check(directory);
    ClusterConfiguration configuration =
        sources(ClusterConfiguration.of(directory, port))
            .withNode(nodeName, simulatedNodes < 0)
            .withSimulatedNodes(Math.max(simulatedNodes, 0))
            .withControllers(selection());
    if (advertiseAddress != null) {
      configuration = configuration.withAdvertiseAddress(advertiseAddress);
    }
    return run(configuration, running);
  }

  private ControllerSelection selection() {
    try {
      return new ControllerSelection(controllers);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("--controllers: " + unknown.getMessage());
    }
  }

  private ClusterConfiguration sources(ClusterConfiguration configuration) {
    try {
      return configuration.withVulnerabilitySources(vulnerabilitySources);
    } catch (IllegalArgumentException open) {
      throw new Refusal("--vulnerability-source: " + open.getMessage());
    }
  }

  private void check(Path directory) {
    List<Finding> findings = Preflight.look(Machine.here(directory, port, simulatedNodes < 0));
    for (Finding finding : findings) {
      screen().println((finding.fatal() ? "error: " : "note: ") + finding);
    }
    if (findings.stream().anyMatch(Finding::fatal)) {
      throw new Refusal("this machine is not ready; see above");
    }
  }

  private int run(ClusterConfiguration configuration, RunningProcess running) throws Exception {
    Path directory = configuration.dataDirectory();
    running.claim();
    Progress progress = Progress.standard();
    Path steps = directory.resolve("run/progress");
    Files.deleteIfExists(steps);
    CountDownLatch stop = new CountDownLatch(1);
    Main main =
        new Main(
            configuration,
            step -> {
              if (daemon) {
                System.out.println(Detached.STEP + step);
              } else {
                progress.step(step);
              }
              report(steps, step);
            });
    Thread hook =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  stop.countDown();
                  main.close();
                  forget(running);
                });
    Runtime.getRuntime().addShutdownHook(hook);
    main.start();
    main.awaitReady();
    String welcome = Welcome.text(configuration, main.port());
    report(steps, "ready");
    if (daemon) {
      System.out.println(welcome);
      System.out.println(Detached.READY);
      System.setOut(System.err); // whoever read it goes
    } else {
      progress.done(welcome);
    }
    stop.await();
    return 0;
  }

  private static void report(Path steps, String line) {
    try {
      Files.writeString(steps, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unseen) {
      System.err.println("note: " + unseen);
    }
  }

  private static void forget(RunningProcess running) {
    try {
      running.forget();
    } catch (IOException leftBehind) {
      System.err.println("note: " + leftBehind);
    }
  }
}
