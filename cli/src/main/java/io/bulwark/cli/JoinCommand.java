package io.bulwark.cli;

import com.google.errorprone.annotations.Keep;
import io.bulwark.cli.preflight.Finding;
import io.bulwark.cli.preflight.Machine;
import io.bulwark.cli.preflight.Preflight;
import io.bulwark.cluster.ClusterConfiguration;
import io.bulwark.cluster.JoinToken;
import io.bulwark.cluster.JoinedNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes this machine a node of a cluster that runs elsewhere. */
@Command(
    name = "join",
    description = "Make this machine a node of another machine's cluster.",
    mixinStandardHelpOptions = true)
final class JoinCommand implements Callable<Integer> {
  @Mixin private DataDirectory data = new DataDirectory();

  @Parameters(paramLabel = "ADDRESS", description = "Host and port of the API server.")
  private String address = "";

  @Option(names = "--token", description = "Made by: bulwark token create. Needed the first time.")
  private @Nullable String token;

  @Option(names = "--ca-hash", description = "Refuse every other cluster: sha256:...")
  private @Nullable String authorityHash;

  @Option(names = "--node-name", description = "Name of the node (default: the host name).")
  private String nodeName = ClusterConfiguration.hostName();

  // Obeyed by the launcher, which passes its arguments on.
  @Keep
  @Option(names = "--no-install", description = "Do not install missing packages; name them.")
  private boolean noInstall;

  @Override
  public Integer call() throws Exception {
    Path directory = data.own();
    URI server = server();
    if (token != null) {
      try {
        JoinToken.parse(token);
      } catch (IllegalArgumentException malformed) {
        throw new Refusal("--token: " + malformed.getMessage());
      }
    }
    if (authorityHash != null && !authorityHash.matches("sha256:[0-9a-f]{64}")) {
      throw new Refusal("--ca-hash: a hash has the form sha256: and 64 hexadecimal digits");
    }
    RunningProcess running = new RunningProcess(directory);
    if (running.find().isPresent()) {
      throw new Refusal("already running; stop it with: bulwark down --data-dir " + directory);
    }
    List<Finding> findings = Preflight.look(Machine.here(directory, 0, true));
    findings.forEach(f -> System.err.println((f.fatal() ? "error: " : "note: ") + f));
    if (findings.stream().anyMatch(Finding::fatal)) {
      throw new Refusal("this machine is not ready; see above");
    }
    running.claim();
    Progress progress = Progress.standard();
    CountDownLatch stop = new CountDownLatch(1);
    JoinedNode node =
        new JoinedNode(
            new JoinedNode.Settings(directory, server, nodeName, token, authorityHash),
            progress::step);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      stop.countDown();
                      node.close();
                      forget(running);
                    }));
    node.start();
    progress.done("This machine is node " + nodeName + " of the cluster at " + server + ".");
    stop.await();
    return 0;
  }

  private URI server() {
    String host = address.replaceFirst("^https://", "");
    int colon = host.lastIndexOf(':');
    try {
      int port =
          colon < 0
              ? ClusterConfiguration.DEFAULT_PORT
              : Integer.parseInt(host.substring(colon + 1));
      return URI.create("https://" + (colon < 0 ? host : host.substring(0, colon)) + ":" + port);
    } catch (IllegalArgumentException malformed) {
      throw new Refusal("ADDRESS " + address + " is no host and port, such as 10.0.0.1:6443");
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
