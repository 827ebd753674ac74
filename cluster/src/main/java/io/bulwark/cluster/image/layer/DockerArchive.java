package io.bulwark.cluster.image.layer;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} wrote before it wrote OCI layouts. It names no digests of stored layers:
 * layers go by the digests of their contents, the image by that of its configuration.
 */
final class DockerArchive {
  private DockerArchive() {}

  static Image open(
      NamedFiles files, List<Tree> images, String reference, @Nullable String wanted, Bounds bounds)
      throws IOException {
    Tree image = choose(images, wanted);
    Tree configuration;
    String digest;
    try (InputStream in = file(files, image.textOrEmpty("Config"))) {
      byte[] bytes = in.readNBytes(bounds.documentBytes() + 1);
      if (bytes.length > bounds.documentBytes()) {
        throw new RefusedImage(
            "the configuration is larger than " + bounds.documentBytes() + " bytes");
      }
      digest = Digests.sha256(bytes);
      configuration = Json.read(bytes);
    } catch (RuntimeException malformed) {
      throw new RefusedImage("the configuration is no JSON object");
    }
    checkName(image.textOrEmpty("Config"), digest);
    List<String> names = image.texts("Layers");
    List<String> contents = configuration.texts("rootfs", "diff_ids");
    if (names.size() > bounds.layers()) {
      throw new RefusedImage("more than " + bounds.layers() + " layers");
    }
    if (names.size() != contents.size()) {
      throw new RefusedImage(
          "the manifest names %d layers, the configuration %d"
              .formatted(names.size(), contents.size()));
    }
    List<String> tags = image.texts("RepoTags");
    Map<String, String> labels =
        Map.copyOf(Descriptor.texts(configuration.treeOrEmpty("config", "Labels")));
    LayerBudget budget = new LayerBudget(bounds);
    return ManifestImage.of(
        reference,
        tags.isEmpty() ? reference : NameChoice.complete(tags.getFirst()),
        digest,
        labels,
        History.created(configuration),
        layers(files, names, contents, History.lines(configuration, names.size()), budget),
        new Closing(files));
  }

  private static List<ImageLayer> layers(
      NamedFiles files,
      List<String> names,
      List<String> contents,
      List<String> history,
      LayerBudget budget)
      throws RefusedImage {
    List<ImageLayer> layers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String content = Digests.checked(contents.get(i));
      layers.add(
          new StoredLayer(content, content, -1, history.get(i), () -> file(files, name), budget));
    }
    return layers;
  }

  private static Tree choose(List<Tree> images, @Nullable String wanted) throws RefusedImage {
    TreeSet<String> names = new TreeSet<>();
    for (Tree image : images) {
      List<String> tags = image.texts("RepoTags");
      names.addAll(tags.isEmpty() ? List.of("") : tags);
      if (wanted != null
          && (tags.contains(wanted)
              || tags.stream()
                  .map(NameChoice::complete)
                  .toList()
                  .contains(NameChoice.complete(wanted)))) {
        return image;
      }
    }
    if (images.isEmpty()) {
      throw new RefusedImage("the archive holds no image");
    }
    if (wanted != null) {
      throw new RefusedImage(
          "the archive holds no image %s, only %s".formatted(wanted, NameChoice.shown(names)));
    }
    if (images.size() > 1) {
      throw new RefusedImage("the archive holds several images: " + NameChoice.shown(names));
    }
    return images.getFirst();
  }

  /** The configuration is stored under its own digest. */
  private static void checkName(String name, String digest) throws RefusedImage {
    String bare = name.substring(name.lastIndexOf('/') + 1).replace(".json", "");
    if (bare.matches("[a-f0-9]{64}") && !digest.equals("sha256:" + bare)) {
      throw new RefusedImage("the content of " + name + " has the digest " + digest);
    }
  }

  private static InputStream file(NamedFiles files, String name) throws IOException {
    InputStream in = name.isEmpty() ? null : files.open(name);
    if (in == null) {
      throw new RefusedImage("the archive lacks " + LayerPath.shown(name));
    }
    return in;
  }

  private record Closing(NamedFiles files) implements Blobs {
    @Override
    public InputStream open(Descriptor descriptor) {
      throw new UnsupportedOperationException("layers of such an archive have names");
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }
}
