package io.bulwark.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One cluster with real containers for all tests of the run; tests use namespaces of their own. */
final class TestCluster implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(TestCluster.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Running.class || type == Kubectl.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Running running = cluster(context);
    return parameter.getParameter().getType() == Running.class ? running : running.kubectl();
  }

  private static Running cluster(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
  }

  /** A cluster that was started by {@code up --detach} and has the busybox image. */
  static final class Running implements AutoCloseable {
    private final Path scratch;
    private final Path directory;
    private final int port;

    private Running(Path scratch, int port) {
      this.scratch = scratch;
      this.directory = scratch.resolve("data");
      this.port = port;
    }

    static Running start() {
      try (ServerSocket free = new ServerSocket(0)) {
        Running running =
            new Running(Files.createTempDirectory("bulwark-e2e-"), free.getLocalPort());
        free.close();
        running.up().ok();
        BusyboxImage.importInto(running.directory, running.scratch);
        return running;
      } catch (IOException broken) {
        throw new java.io.UncheckedIOException(broken);
      }
    }

    Command.Result up() {
      return Program.run(
          "up",
          "--detach",
          "--data-dir",
          directory.toString(),
          "--port",
          Integer.toString(port),
          "--node-name",
          "node-1");
    }

    Path directory() {
      return directory;
    }

    int port() {
      return port;
    }

    Path scratch() {
      return scratch;
    }

    Path kubeconfig() {
      return Path.of(
          Program.run("kubeconfig", "--data-dir", directory.toString()).ok().out().strip());
    }

    Kubectl kubectl() {
      return Kubectl.newest(kubeconfig());
    }

    /** The id of the process that runs the cluster. */
    long process() {
      try {
        return Long.parseLong(Files.readAllLines(directory.resolve("run/bulwark.pid")).getFirst());
      } catch (IOException absent) {
        throw new java.io.UncheckedIOException(absent);
      }
    }

    @Override
    public void close() {
      Program.run("reset", "--data-dir", directory.toString()).ok();
    }
  }
}
