package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one layer does to an inventory, whatever lies below it. Immutable.
 *
 * @param contentDigest of the decompressed layer that this was read from; empty for a directory
 * @param distribution that the layer's own os-release names, null if it has none
 * @param assumed the distribution of the layers below, where what was found depends on it, else
 *     null
 * @param files at every path that a cataloger reads, with what they show, if anything
 * @param removed paths that the layer takes away, with all below them
 * @param emptied directories of which nothing from below stays
 * @param covered every path at which the layer has something other than a directory
 * @param problems as {@code path: why}
 */
record LayerContents(
    String contentDigest,
    @Nullable Distribution distribution,
    @Nullable Distribution assumed,
    List<ReadFile> files,
    List<String> removed,
    List<String> emptied,
    PathSet covered,
    List<String> problems) {

  /** What the file at a path shows; no components also where something else took its place. */
  record ReadFile(String path, List<Component> components) {
    ReadFile {
      components = List.copyOf(components);
    }
  }

  LayerContents {
    files = List.copyOf(files);
    removed = List.copyOf(removed);
    emptied = List.copyOf(emptied);
    problems = List.copyOf(problems);
  }
}
