package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.LayerRole;
import io.bulwark.cluster.image.inventory.language.ArchiveDigests;
import io.bulwark.cluster.image.inventory.language.SecondHand;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.ImageLayer;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.layer.RefusedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images to inventories. Thread-safe: each call reads on its own, and they share the cache. */
public final class InventoryReader {
  private final List<Cataloger> catalogers;
  private final @Nullable LayerCache cache;

  /**
   * @param cache in which layers are kept once they were read, null to read each image anew
   */
  public InventoryReader(List<Cataloger> catalogers, @Nullable LayerCache cache) {
    this.catalogers = List.copyOf(catalogers);
    this.cache = cache;
  }

  /** A reader with every cataloger. */
  public static InventoryReader withAll(@Nullable LayerCache cache) {
    return withAll(cache, ArchiveDigests.NONE);
  }

  /**
   * A reader with every cataloger.
   *
   * @param cache of a variant that belongs to these digests
   * @param digests asked about Java archives that carry no metadata
   */
  public static InventoryReader withAll(@Nullable LayerCache cache, ArchiveDigests digests) {
    return new InventoryReader(Catalogers.all(digests), cache);
  }

  /**
   * What an image holds. Layers that the cache knows are not opened.
   *
   * @throws RefusedImage if the image is hostile or damaged
   * @throws IOException if it cannot be reached
   */
  public Inventory read(ImageSource source) throws IOException {
    try (Image image = source.open()) {
      LayerMerge merge = new LayerMerge();
      for (ImageLayer layer : image.layers()) {
        merge.add(contents(layer, merge.distribution()));
      }
      return inventory(image, merge);
    }
  }

  private LayerContents contents(ImageLayer layer, Distribution below) throws IOException {
    if (cache == null || layer.digest().isEmpty()) {
      return LayerReading.read(layer, catalogers, below);
    }
    LayerContents known = cache.find(layer.digest(), below);
    if (known != null) {
      if (!known.contentDigest().equals(layer.contentDigest())) {
        throw new RefusedImage(
            "the content of layer %s has the digest %s, the image's configuration says %s"
                .formatted(layer.digest(), known.contentDigest(), layer.contentDigest()));
      }
      return known;
    }
    LayerContents read = LayerReading.read(layer, catalogers, below);
    cache.keep(layer.digest(), read);
    return read;
  }

  private Inventory inventory(Image image, LayerMerge merge) {
    List<Inventory.Layer> layers = new ArrayList<>();
    List<LayerRole> roles = merge.roles();
    for (ImageLayer layer : image.layers()) {
      layers.add(
          new Inventory.Layer(
              layer.digest(), layer.size(), roles.get(layers.size()), layer.createdBy()));
    }
    return new Inventory(
        image.reference(),
        image.digest(),
        merge.distribution(),
        base(image),
        layers,
        SecondHand.without(merge.components()),
        merge.problems());
  }

  private @Nullable String base(Image image) {
    String name = image.annotations().get("org.opencontainers.image.base.name");
    String digest = image.annotations().get("org.opencontainers.image.base.digest");
    List<String> chain = image.layers().stream().map(ImageLayer::digest).toList();
    String known = null;
    if (cache != null && image.digest() != null) {
      known = cache.baseOf(chain);
      cache.keepImage(image.name(), chain);
    }
    if (name != null && !name.isBlank()) {
      return digest == null || digest.isBlank() || name.contains("@") ? name : name + "@" + digest;
    }
    return digest == null || digest.isBlank() ? known : digest;
  }
}
