package io.bulwark.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real kubectl, in one version, for one user of a cluster. */
final class Kubectl {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Path program;
  private final Path kubeconfig;

  private Kubectl(Path program, Path kubeconfig) {
    this.program = program;
    this.kubeconfig = kubeconfig;
  }

  /** The newest kubectl that the launcher brought. */
  static Kubectl newest(Path kubeconfig) {
    return new Kubectl(find("BULWARK_KUBECTL_NEW", "sid"), kubeconfig);
  }

  /** The oldest kubectl that the launcher brought. */
  static Kubectl oldest(Path kubeconfig) {
    return new Kubectl(find("BULWARK_KUBECTL_OLD", "trixie"), kubeconfig);
  }

  /** One that is found at a path. */
  static Kubectl at(Path program, Path kubeconfig) {
    return new Kubectl(program, kubeconfig);
  }

  private static Path find(String variable, String suite) {
    String given = System.getenv(variable);
    Path brought = Program.HOME.resolve(".tools/kubectl-" + suite + "/kubectl");
    if (given != null && Files.isExecutable(Path.of(given))) {
      return Path.of(given);
    }
    return Files.isExecutable(brought) ? brought : Path.of("kubectl");
  }

  Path program() {
    return program;
  }

  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  Map<String, String> environment() {
    return Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", "/tmp");
  }

  Command.Result run(String... arguments) {
    return Command.run(LIMIT, environment(), command(arguments));
  }

  /** Runs with text on standard input, such as a manifest for {@code apply -f -}. */
  Command.Result feed(String input, String... arguments) {
    return Command.run(LIMIT, environment(), input, command(arguments));
  }

  /** Standard output of a command that must end well, without white space at its ends. */
  String ask(String... arguments) {
    return run(arguments).ok().out().strip();
  }

  void apply(String manifest) {
    feed(manifest, "apply", "-f", "-").ok();
  }
}
