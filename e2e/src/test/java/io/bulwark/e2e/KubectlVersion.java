package io.bulwark.e2e;

import io.bulwark.e2e.TestCluster.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kubectl: each directory {@code .tools/kubectl-*} has one, or else the one on the path.
 *
 * @param name what its namespaces end in
 */
record KubectlVersion(String name, Path program) {
  static List<KubectlVersion> all() {
    Path tools = Program.HOME.resolve(".tools");
    if (!Files.isDirectory(tools)) {
      return onThePath();
    }
    try (Stream<Path> directories = Files.list(tools)) {
      List<KubectlVersion> found =
          directories
              .filter(directory -> directory.getFileName().toString().startsWith("kubectl-"))
              .filter(directory -> Files.isExecutable(directory.resolve("kubectl")))
              .sorted()
              .map(KubectlVersion::in)
              .toList();
      return found.isEmpty() ? onThePath() : found;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static List<KubectlVersion> onThePath() {
    return List.of(new KubectlVersion("path", Path.of("kubectl")));
  }

  private static KubectlVersion in(Path directory) {
    String name = directory.getFileName().toString().substring("kubectl-".length());
    return new KubectlVersion(name.replace('.', '-'), directory.resolve("kubectl"));
  }

  /** A namespace of the test's own, to be used with this kubectl. */
  Session in(Running running, String test) {
    Kubectl kubectl = Kubectl.at(program, running.kubeconfig());
    String namespace = test + "-" + name;
    kubectl.run("create", "namespace", namespace).ok();
    Eventually.within(
        Duration.ofSeconds(20), () -> kubectl.run("-n", namespace, "get", "sa", "default").ok());
    return new Session(kubectl, namespace, running.scratch());
  }

  @Override
  public String toString() {
    return name;
  }

  /** kubectl in one namespace. */
  record Session(Kubectl kubectl, String namespace, Path scratch) {
    Command.Result run(String... arguments) {
      return kubectl.run(arguments(arguments));
    }

    String ask(String... arguments) {
      return run(arguments).ok().out().strip();
    }

    /** What a command that must fail says on standard error. */
    String refused(String... arguments) {
      return run(arguments).failed().err().strip();
    }

    Command.Result feed(String input, String... arguments) {
      return kubectl.feed(input, arguments(arguments));
    }

    private String[] arguments(String... arguments) {
      return Stream.concat(Stream.of("-n", namespace), Stream.of(arguments)).toArray(String[]::new);
    }
  }
}
