package io.bulwark.cluster.node.image;

import io.bulwark.cluster.image.build.ImageBuilder;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.RuntimeImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Images on this node: what is there, and archives to add. Thread-safe. */
public final class ImageStore {
  private final RuntimeImages images;
  private final Path socket;
  private final String snapshotter;

  /**
   * @param socket of the containerd whose images these are
   * @param snapshotter that its pods use
   */
  public ImageStore(RuntimeImages images, Path socket, String snapshotter) {
    this.images = images;
    this.socket = socket;
    this.snapshotter = snapshotter;
  }

  public List<ImageState> list() {
    return images.list();
  }

  /**
   * Adds the images of an OCI or Docker archive.
   *
   * @return the names that were added
   * @throws IOException if the archive is none or cannot be read; the message is containerd's
   */
  public List<String> add(Path archive) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "ctr",
                "--address",
                socket.toString(),
                "--namespace",
                "k8s.io",
                "images",
                "import",
                "--snapshotter",
                snapshotter,
                archive.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("cannot import " + archive + ": " + output.strip());
    }
    return output
        .lines()
        .filter(line -> line.startsWith("unpacking "))
        .map(line -> line.split(" ")[1])
        .toList();
  }

  /** Makes sure that the image of sandboxes is there, building it where it is not. */
  public void addPause(String name) throws IOException, InterruptedException {
    if (images.find(name) != null) {
      return;
    }
    Path archive = Files.createTempFile("bulwark-pause", ".tar");
    try {
      ImageBuilder.buildPause(Reference.of(name), archive);
      add(archive);
    } finally {
      Files.deleteIfExists(archive);
    }
  }
}
