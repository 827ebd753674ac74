package io.bulwark.cluster;

import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.Blobs;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.Descriptor;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.layer.ManifestImage;
import io.bulwark.cluster.image.layer.Platform;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.RuntimeContent;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Images in the store of a data directory's containerd, where that runs. */
public final class NodeImages {
  private NodeImages() {}

  /**
   * A source for an image of that store, or null where containerd does not run, may not be asked,
   * or does not have the image.
   *
   * @param platform null for this machine's, or the only one there is
   */
  public static @Nullable ImageSource find(
      Path dataDirectory, Reference reference, @Nullable Platform platform, Bounds bounds) {
    Path socket = MachineImages.containerd(dataDirectory).socket();
    if (!Files.isWritable(socket)) {
      return null;
    }
    RuntimeContent.Meaning meaning;
    try (ContainerRuntime runtime = ContainerRuntime.at(socket)) {
      meaning = runtime.content().find(reference.text());
    } catch (RuntimeFailure silent) {
      return null;
    }
    return meaning == null ? null : source(socket, reference, meaning, platform, bounds);
  }

  private static ImageSource source(
      Path socket,
      Reference reference,
      RuntimeContent.Meaning meaning,
      @Nullable Platform platform,
      Bounds bounds) {
    return () -> {
      ContainerRuntime runtime = ContainerRuntime.at(socket);
      Store store = new Store(runtime, runtime.content());
      boolean opened = false;
      try {
        Descriptor root = Descriptor.of(meaning.mediaType(), meaning.digest(), meaning.size());
        var image =
            ManifestImage.open(reference.text(), reference.text(), root, store, platform, bounds);
        opened = true;
        return image;
      } catch (RuntimeFailure broken) {
        throw new IOException("the node's store cannot be read: " + broken.getMessage());
      } finally {
        if (!opened) {
          store.close();
        }
      }
    };
  }

  private record Store(ContainerRuntime runtime, RuntimeContent content) implements Blobs {
    @Override
    public InputStream open(Descriptor descriptor) {
      return content.open(descriptor.digest());
    }

    @Override
    public void close() {
      runtime.close();
    }
  }
}
