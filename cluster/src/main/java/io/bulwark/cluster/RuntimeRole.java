package io.bulwark.cluster;

import io.bulwark.cluster.node.containerd.ContainerdConfiguration;
import io.bulwark.cluster.node.containerd.ContainerdProcess;
import io.bulwark.cluster.node.image.ImageStore;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.platform.Component;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * This machine's container runtime. It starts in the background, while the control plane does,
 * since neither needs the other until the first pod.
 */
final class RuntimeRole implements Component {
  private final ContainerdConfiguration configuration;
  private final CompletableFuture<ContainerRuntime> ready = new CompletableFuture<>();
  private @Nullable Thread starting;

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

  /** Closes the connection; containerd and its containers keep running. */
  @Override
  public void close() {
    Thread thread = starting;
    if (thread != null) {
      thread.interrupt();
    }
    if (ready.isDone() && !ready.isCompletedExceptionally()) {
      ready.join().close();
    }
  }
}
