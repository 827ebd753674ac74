package io.bulwark.cluster.image.layer;

import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image that a manifest describes, wherever its contents lie. */
public final class ManifestImage implements Image {
  private static final int DEPTH = 4;

  private final String reference;
  private final String name;
  private final String digest;
  private final String root;
  private final String architecture;
  private final Map<String, String> annotations;
  private final @Nullable Instant created;
  private final List<ImageLayer> layers;
  private final Blobs blobs;

  private ManifestImage(
      String reference,
      String name,
      String digest,
      String root,
      String architecture,
      Map<String, String> annotations,
      @Nullable Instant created,
      List<ImageLayer> layers,
      Blobs blobs) {
    this.created = created;
    this.architecture = architecture;
    this.reference = reference;
    this.name = name;
    this.digest = digest;
    this.root = root;
    this.annotations = annotations;
    this.layers = List.copyOf(layers);
    this.blobs = blobs;
  }

  /**
   * Reads the manifest and the configuration, and an index above them where there is one.
   *
   * @param reference how the image was asked for
   * @param name in full, where it is known, else the reference
   * @param root the manifest or the index
   * @param blobs are closed with the image, or when this fails
   * @param platform to choose from an index; null for this machine's, or the only one there is
   * @throws RefusedImage if a document lies, is damaged or describes no container image
   * @throws IOException if a content is missing or cannot be reached
   */
  public static Image open(
      String reference,
      String name,
      Descriptor root,
      Blobs blobs,
      @Nullable Platform platform,
      Bounds bounds)
      throws IOException {
    boolean opened = false;
    try {
      Descriptor chosen = root;
      Tree document = Documents.read(blobs, chosen, bounds);
      for (int depth = 0; index(document, chosen); depth++) {
        if (depth == DEPTH) {
          throw new RefusedImage("more than " + DEPTH + " indexes inside each other");
        }
        chosen = PlatformChoice.from(descriptors(document, "manifests", bounds), platform);
        document = Documents.read(blobs, chosen, bounds);
      }
      Image image = of(reference, name, root, chosen, document, blobs, bounds);
      opened = true;
      return image;
    } finally {
      if (!opened) {
        blobs.close();
      }
    }
  }

  private static boolean index(Tree document, Descriptor descriptor) throws RefusedImage {
    if (document.number(2, "schemaVersion") != 2) {
      throw new RefusedImage(
          descriptor.digest() + " is a manifest of the old schema 1, which cannot be verified");
    }
    boolean index = document.has("manifests");
    if (index && (document.has("layers") || document.has("config"))) {
      throw new RefusedImage(descriptor.digest() + " is both a manifest and an index");
    }
    return index;
  }

  private static Image of(
      String reference,
      String name,
      Descriptor root,
      Descriptor descriptor,
      Tree manifest,
      Blobs blobs,
      Bounds bounds)
      throws IOException {
    Tree config = manifest.tree("config");
    if (config == null) {
      throw new RefusedImage(descriptor.digest() + " is no image manifest: it has no config");
    }
    Descriptor configuration = Descriptor.read(config);
    if (!MediaTypes.configuration(configuration.mediaType())) {
      throw new RefusedImage(
          "%s is no container image: its configuration is %s"
              .formatted(descriptor.digest(), LayerPath.shown(configuration.mediaType())));
    }
    List<Descriptor> stored = descriptors(manifest, "layers", bounds);
    Tree details = Documents.read(blobs, configuration, bounds);
    List<String> contents = details.texts("rootfs", "diff_ids");
    if (contents.size() != stored.size()) {
      throw new RefusedImage(
          "the manifest names %d layers, the configuration %d"
              .formatted(stored.size(), contents.size()));
    }
    List<String> history = History.lines(details, stored.size());
    LayerBudget budget = new LayerBudget(bounds);
    List<ImageLayer> layers = new ArrayList<>();
    for (int i = 0; i < stored.size(); i++) {
      Descriptor layer = stored.get(i);
      MediaTypes.checkLayer(layer);
      layers.add(
          new StoredLayer(
              layer.digest(),
              Digests.checked(contents.get(i)),
              layer.size(),
              history.get(i),
              () -> blobs.open(layer),
              budget));
    }
    return new ManifestImage(
        reference,
        name,
        descriptor.digest(),
        root.digest(),
        details.textOrEmpty("architecture"),
        annotations(manifest, details),
        History.created(details),
        layers,
        blobs);
  }

  private static Map<String, String> annotations(Tree manifest, Tree details) {
    Map<String, String> all =
        new HashMap<>(Descriptor.texts(details.treeOrEmpty("config", "Labels")));
    all.putAll(Descriptor.texts(manifest.treeOrEmpty("annotations")));
    return Map.copyOf(all);
  }

  static List<Descriptor> descriptors(Tree document, String field, Bounds bounds)
      throws RefusedImage {
    List<Tree> trees = document.trees(field);
    if (trees.size() > bounds.layers()) {
      throw new RefusedImage("more than " + bounds.layers() + " " + field);
    }
    List<Descriptor> descriptors = new ArrayList<>();
    for (Tree tree : trees) {
      descriptors.add(Descriptor.read(tree));
    }
    return descriptors;
  }

  /** An image whose manifest was read already, such as that of a docker save archive. */
  static Image of(
      String reference,
      String name,
      String digest,
      Map<String, String> annotations,
      @Nullable Instant created,
      List<ImageLayer> layers,
      Blobs blobs) {
    return new ManifestImage(
        reference, name, digest, digest, "", annotations, created, layers, blobs);
  }

  @Override
  public String reference() {
    return reference;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public String root() {
    return root;
  }

  @Override
  public String architecture() {
    return architecture;
  }

  @Override
  public @Nullable Instant created() {
    return created;
  }

  @Override
  public Map<String, String> annotations() {
    return annotations;
  }

  @Override
  public List<ImageLayer> layers() {
    return layers;
  }

  @Override
  public void close() throws IOException {
    blobs.close();
  }
}
