package io.bulwark.cluster;

import io.bulwark.cluster.node.containerd.ContainerdConfiguration;
import io.bulwark.cluster.node.containerd.ContainerdProcess;
import io.bulwark.cluster.node.image.ImageStore;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.platform.Component;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * This machine's container runtime. It starts in the background, while the control plane does,
 * since neither needs the other until the first pod, and is started again whenever it ends.
 */
final class RuntimeRole implements Component {
  private static final System.Logger LOG = System.getLogger(RuntimeRole.class.getName());

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final ContainerdConfiguration configuration;
  private final CompletableFuture<ContainerRuntime> ready = new CompletableFuture<>();
  private @Nullable Thread thread;
  private volatile @Nullable ContainerdProcess begun;

  RuntimeRole(Path dataDirectory) {
    this.configuration = MachineImages.containerd(dataDirectory);
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("container-runtime").start(this::work);
  }

  private void work() {
    ContainerdProcess process = new ContainerdProcess(configuration);
    try {
      ready.complete(open(process));
    } catch (Exception failed) {
      ready.completeExceptionally(failed);
      return;
    }
    try {
      while (true) {
        process.awaitEnd();
        LOG.log(System.Logger.Level.WARNING, "containerd has ended; starting it again");
        restart(process);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void restart(ContainerdProcess process) throws InterruptedException {
    Duration pause = PAUSE;
    while (true) {
      Thread.sleep(pause); // backs off from a containerd that ends as soon as it starts
      try {
        process.start();
        ready.join().reconnect();
        return;
      } catch (IOException | RuntimeException failed) {
        LOG.log(System.Logger.Level.WARNING, "containerd: {0}", failed.getMessage());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      }
    }
  }

  private ContainerRuntime open(ContainerdProcess process) throws Exception {
    if (!process.alive()) {
      begun = process;
    }
    process.start();
    ContainerRuntime runtime = ContainerRuntime.at(process.socket());
    new ImageStore(runtime.images(), process.socket(), process.snapshotter())
        .addPause(configuration.pauseImage());
    return runtime;
  }

  /** Waits until containerd answers and has the pause image. */
  ContainerRuntime runtime() throws Exception {
    try {
      return ready.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  Path networkConfigurations() {
    return configuration.networkConfigurations();
  }

  /** The node has started: containerd stays when Bulwark goes. */
  void keep() {
    begun = null;
  }

  private static void end(Thread running) {
    running.interrupt();
    try {
      running.join(LIMIT);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Closes the connection. Containerd and its containers keep running, unless this start began it
   * and came to nothing.
   */
  @Override
  public void close() {
    Thread running = thread;
    if (running != null) {
      end(running);
    }
    if (ready.isDone() && !ready.isCompletedExceptionally()) {
      ready.join().close();
    }
    ContainerdProcess unused = begun;
    if (unused != null) {
      try {
        unused.stop();
      } catch (IOException failed) {
        LOG.log(System.Logger.Level.WARNING, "containerd keeps running: {0}", failed.getMessage());
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
