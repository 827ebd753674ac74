package io.bulwark.cluster;

import io.bulwark.cluster.image.build.ImageBuilder;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.node.containerd.ContainerdConfiguration;
import io.bulwark.cluster.node.containerd.ContainerdProcess;
import io.bulwark.cluster.node.image.ImageStore;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ImageState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The images of a data directory's containerd, whether its cluster runs or not. One that did not
 * run is stopped again. For one thread.
 */
public final class MachineImages implements AutoCloseable {
  private final ContainerdProcess process;
  private final boolean started;
  private final ContainerRuntime runtime;
  private final ImageStore store;

  private MachineImages(ContainerdProcess process, boolean started) throws IOException {
    this.process = process;
    this.started = started;
    this.runtime = ContainerRuntime.at(process.socket());
    this.store = new ImageStore(runtime.images(), process.socket(), process.snapshotter());
  }

  public static MachineImages open(Path dataDirectory) throws IOException, InterruptedException {
    ContainerdProcess process = new ContainerdProcess(containerd(dataDirectory));
    boolean started = !process.alive();
    process.start();
    return new MachineImages(process, started);
  }

  static ContainerdConfiguration containerd(Path dataDirectory) {
    ContainerdConfiguration usual = ContainerdConfiguration.in(dataDirectory.resolve("containerd"));
    Path debian = usual.networkPrograms();
    Path plugins = Files.exists(debian.resolve("host-local")) ? debian : Path.of("/opt/cni/bin");
    return new ContainerdConfiguration(
        usual.directory(),
        usual.program(),
        usual.pauseImage(),
        plugins,
        usual.networkConfigurations());
  }

  public List<ImageState> list() {
    return store.list();
  }

  /** Adds the images of an archive; returns their names. */
  public List<String> add(Path archive) throws IOException, InterruptedException {
    return store.add(archive);
  }

  /** Makes an image of a root file system and adds it; returns its full name. */
  public String build(Path rootfs, String name, ImageConfiguration configuration)
      throws IOException, InterruptedException {
    Path archive = Files.createTempFile("bulwark-image-", ".tar");
    try {
      Reference reference = Reference.of(name);
      ImageBuilder.build(rootfs, reference, configuration, archive);
      store.add(archive);
      return reference.text();
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    runtime.close();
    if (started) {
      process.stop();
    }
  }
}
