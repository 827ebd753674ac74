package io.bulwark.cluster.controller.image;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.inspect.ImageFinder;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.DirectoryImage;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.ImageLayer;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.signature.SignedPayload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images are directories below the test's, called like the last part of the reference. */
record DirectoryImages(Path directory) implements ImageFinder {
  @Override
  public ImageSource find(String reference, List<Tree> pullSecrets) throws IOException {
    Path root = directory.resolve(name(reference));
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(reference, null, "there is no such image");
    }
    ImageSource source = DirectoryImage.at(root, Bounds.USUAL);
    return name(reference).startsWith("many") ? () -> new OfMany(source.open()) : source;
  }

  @Override
  public List<SignedPayload> signed(
      String reference, String digest, boolean attestations, List<Tree> pullSecrets) {
    return List.of();
  }

  private static String name(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1).split(":")[0];
  }

  /** An image that was found through an index which has one for each architecture. */
  private record OfMany(Image one) implements Image {
    @Override
    public String reference() {
      return one.reference();
    }

    @Override
    public String name() {
      return one.name();
    }

    @Override
    public String digest() {
      return "sha256:" + "d".repeat(64);
    }

    @Override
    public String root() {
      return "sha256:" + "1".repeat(64);
    }

    @Override
    public String architecture() {
      return "arm64";
    }

    @Override
    public Map<String, String> annotations() {
      return one.annotations();
    }

    @Override
    public List<ImageLayer> layers() {
      return one.layers();
    }

    @Override
    public @Nullable Instant created() {
      return one.created();
    }

    @Override
    public void close() throws IOException {
      one.close();
    }
  }
}
