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
 * since neither needs the other until the first pod.
 */
final class RuntimeRole implements Component {
  private static final System.Logger LOG = System.getLogger(RuntimeRole.class.getName());

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ContainerdConfiguration configuration;
  private final CompletableFuture<ContainerRuntime> ready = new CompletableFuture<>();
  private @Nullable Thread starting;
  private volatile @Nullable ContainerdProcess begun;

  RuntimeRole(Path dataDirectory) {
    this.configuration = MachineImages.containerd(dataDirectory);
  }

  @Override
  public void start() {
    starting =
        Thread.ofVirtual()
            .name("container-runtime")
            .start(
                () -> {
                  try {
                    ready.complete(open());
                  } catch (Exception failed) {
                    ready.completeExceptionally(failed);
                  }
                });
  }

  private ContainerRuntime open() throws Exception {
    ContainerdProcess process = new ContainerdProcess(configuration);
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

  private static void end(Thread thread) {
    thread.interrupt();
    try {
      thread.join(LIMIT);
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
    Thread thread = starting;
    if (thread != null) {
      end(thread);
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
