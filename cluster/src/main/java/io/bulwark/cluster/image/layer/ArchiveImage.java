package io.bulwark.cluster.image.layer;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Images that lie in files: an OCI image layout as a directory or as one tar archive, or what
 * {@code docker save} writes. An archive may be compressed with gzip or zstd.
 *
 * <p>Source: OCI image specification 1.1, "Image Layout"; Docker image specification 1.2, "Combined
 * Image JSON + Filesystem Changeset Format".
 */
public final class ArchiveImage {
  private ArchiveImage() {}

  /**
   * Whether a directory is an image, not an unpacked root file system: an image layout, or what
   * {@code docker save} wrote, unpacked.
   */
  public static boolean layout(Path directory) {
    return (Files.isRegularFile(directory.resolve("oci-layout"))
            && Files.isRegularFile(directory.resolve("index.json")))
        || saved(directory.resolve("manifest.json"));
  }

  /** Whether this is the list of images of a docker save archive. */
  private static boolean saved(Path manifest) {
    if (!Files.isRegularFile(manifest)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(manifest)) {
      List<Tree> images = list(in, Bounds.USUAL);
      return !images.isEmpty()
          && images.stream().allMatch(one -> one.has("Config") && one.has("Layers"));
    } catch (IOException | RuntimeException other) {
      return false;
    }
  }

  /**
   * A source that opens the archive or layout when it is asked.
   *
   * @param name of the image, or its tag, where the archive holds several; else null
   * @param platform null for this machine's, or the only one there is
   */
  public static ImageSource at(
      Path path, @Nullable String name, @Nullable Platform platform, Bounds bounds) {
    return () -> {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString(), null, "there is no " + path);
      }
      NamedFiles files = Files.isDirectory(path) ? NamedFiles.in(path) : archive(path, bounds);
      boolean opened = false;
      try {
        Image image = open(files, path.toString(), name, platform, bounds);
        opened = true;
        return image;
      } finally {
        if (!opened) {
          files.close();
        }
      }
    };
  }

  private static NamedFiles archive(Path path, Bounds bounds) throws IOException {
    try {
      return TarFiles.open(path, bounds);
    } catch (RefusedImage refused) {
      throw new RefusedImage(path + ": " + refused.getMessage());
    }
  }

  private static Image open(
      NamedFiles files,
      String reference,
      @Nullable String name,
      @Nullable Platform platform,
      Bounds bounds)
      throws IOException {
    Tree index = document(files, "index.json", bounds);
    if (index != null) {
      return fromIndex(files, index, reference, name, platform, bounds);
    }
    InputStream listed = files.open("manifest.json");
    if (listed != null) {
      try (listed) {
        return DockerArchive.open(files, list(listed, bounds), reference, name, bounds);
      }
    }
    throw new RefusedImage(
        reference + " is no image archive: it has neither index.json nor manifest.json");
  }

  private static Image fromIndex(
      NamedFiles files,
      Tree index,
      String reference,
      @Nullable String name,
      @Nullable Platform platform,
      Bounds bounds)
      throws IOException {
    List<Descriptor> all = ManifestImage.descriptors(index, "manifests", bounds);
    Descriptor chosen = NameChoice.from(all, name, platform);
    return ManifestImage.open(
        reference,
        NameChoice.name(chosen, reference),
        chosen,
        new LayoutBlobs(files),
        platform,
        bounds);
  }

  private static @Nullable Tree document(NamedFiles files, String name, Bounds bounds)
      throws IOException {
    InputStream in = files.open(name);
    if (in == null) {
      return null;
    }
    try (in) {
      return Documents.read(in, name, bounds);
    }
  }

  private static List<Tree> list(InputStream in, Bounds bounds) throws IOException {
    byte[] bytes = in.readNBytes(bounds.documentBytes() + 1);
    if (bytes.length > bounds.documentBytes()) {
      throw new RefusedImage("manifest.json is larger than " + bounds.documentBytes() + " bytes");
    }
    try {
      if (Json.readAny(bytes, null) instanceof TreeList list) {
        return new ArrayList<>(list.trees());
      }
    } catch (RuntimeException malformed) {
      throw new RefusedImage("manifest.json is no JSON");
    }
    throw new RefusedImage("manifest.json is no list");
  }

  private record LayoutBlobs(NamedFiles files) implements Blobs {
    @Override
    public InputStream open(Descriptor descriptor) throws IOException {
      InputStream in = files.open("blobs/" + descriptor.digest().replace(':', '/'));
      if (in == null) {
        throw new RefusedImage("the archive lacks " + descriptor.digest());
      }
      return in;
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }
}
