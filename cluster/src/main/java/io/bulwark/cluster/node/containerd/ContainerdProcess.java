package io.bulwark.cluster.node.containerd;

import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.MountPoints;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The node's own containerd. It runs in a session of its own, so that it and its containers outlive
 * a Bulwark that is killed; a later start finds it by its process id and adopts it.
 *
 * <p>{@link #close()} leaves it running. {@link #stop()} ends it; the pods must be gone by then.
 */
public final class ContainerdProcess implements Component {
  private static final System.Logger LOG = System.getLogger(ContainerdProcess.class.getName());
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final ContainerdConfiguration configuration;

  public ContainerdProcess(ContainerdConfiguration configuration) {
    this.configuration = configuration;
  }

  /**
   * Starts containerd or adopts a running one, and returns when its socket answers.
   *
   * @throws IOException if it does not come up; the message ends with the last lines of its log
   */
  @Override
  public void start() throws IOException, InterruptedException {
    Files.createDirectories(configuration.directory());
    Files.createDirectories(configuration.networkConfigurations());
    Files.createDirectories(configuration.registries());
    Files.createDirectories(parent(configuration.socket()));
    if (running().isPresent() && answers()) {
      LOG.log(System.Logger.Level.INFO, "adopted containerd {0}", running().get().pid());
      return;
    }
    end();
    Files.writeString(
        configuration.file(), configuration.render(MachineTraits.probe(configuration.directory())));
    Process process =
        new ProcessBuilder(
                "setsid", configuration.program(), "--config", configuration.file().toString())
            .directory(configuration.directory().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(configuration.log().toFile()))
            .start();
    try {
      Files.writeString(configuration.pidFile(), Long.toString(process.pid()));
    } catch (IOException unnoted) { // nobody would find it to stop it
      process.destroyForcibly();
      throw unnoted;
    }
    Instant limit = Instant.now().plus(START_LIMIT);
    while (!answers()) {
      if (!process.isAlive() || Instant.now().isAfter(limit)) {
        process.destroyForcibly();
        throw new IOException("containerd did not start: " + lastLines());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Waits until containerd ends, for whatever reason; returns at once where it does not run. */
  public void awaitEnd() throws InterruptedException {
    Optional<ProcessHandle> process = running();
    if (process.isPresent()) {
      try {
        process.get().onExit().get();
      } catch (ExecutionException unknown) {
        throw new IllegalStateException(unknown);
      }
    }
  }

  /** Whether containerd runs and its socket takes connections. */
  public boolean alive() {
    return running().isPresent() && answers();
  }

  /** The socket on which CRI is served. */
  public Path socket() {
    return configuration.socket();
  }

  /** The snapshotter that it was started with. */
  public String snapshotter() throws IOException {
    return Files.readString(configuration.file()).contains("snapshotter = \"native\"")
        ? "native"
        : "overlayfs";
  }

  @Override
  public void close() {}

  /** Ends containerd, what is left of its containers, and its mounts. May be called repeatedly. */
  public void stop() throws IOException, InterruptedException {
    end();
    LeftBehind.endShims(configuration.socket());
    MountPoints.detachBelow(configuration.state());
    MountPoints.detachBelow(configuration.root());
    Files.deleteIfExists(configuration.pidFile());
    configuration.deleteSockets();
  }

  private void end() throws InterruptedException {
    Optional<ProcessHandle> process = running();
    if (process.isEmpty()) {
      return;
    }
    process.get().destroy();
    Instant limit = Instant.now().plus(STOP_LIMIT);
    while (process.get().isAlive()) {
      if (Instant.now().isAfter(limit)) {
        process.get().destroyForcibly();
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private Optional<ProcessHandle> running() {
    try {
      long pid = Long.parseLong(Files.readString(configuration.pidFile()).strip());
      String command =
          Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8);
      return command.contains(configuration.file().toString())
          ? ProcessHandle.of(pid).filter(ProcessHandle::isAlive)
          : Optional.empty();
    } catch (IOException | NumberFormatException absent) {
      return Optional.empty();
    }
  }

  private boolean answers() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(configuration.socket()));
    } catch (IOException refused) {
      return false;
    }
  }

  private String lastLines() throws IOException {
    var lines = Files.readAllLines(configuration.log(), StandardCharsets.ISO_8859_1);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? Path.of("/") : parent;
  }
}
