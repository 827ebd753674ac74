package io.bulwark.cluster.image.inventory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that an image holds, layer by layer. Immutable.
 *
 * @param reference how the image was asked for
 * @param digest the manifest's digest; null for an unpacked directory
 * @param distribution of the topmost os-release
 * @param base the reference or digest of the base image where it can be told, else null
 * @param layers lowest first; a directory counts as one layer without a digest
 * @param components what the finished file system still shows, each with the layer that brought it
 * @param problems files that could not be read, as {@code path: why}
 */
public record Inventory(
    String reference,
    @Nullable String digest,
    Distribution distribution,
    @Nullable String base,
    List<Layer> layers,
    List<Located> components,
    List<String> problems) {

  /**
   * @param digest of the compressed layer as the manifest names it, empty for a directory
   * @param size in bytes, as the manifest gives it
   * @param createdBy the history line, empty if there is none
   */
  public record Layer(String digest, long size, LayerRole role, String createdBy) {}

  /**
   * @param layer index into {@link Inventory#layers}
   */
  public record Located(Component component, int layer) {}

  /** Copies the lists. */
  public Inventory {
    layers = List.copyOf(layers);
    components = List.copyOf(components);
    problems = List.copyOf(problems);
  }
}
