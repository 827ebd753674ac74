package io.bulwark.cluster.image.layer;

/**
 * What an image may ask of its reader at most. Immutable.
 *
 * @param documentBytes of a manifest, an index or a configuration
 * @param layers of an image
 * @param entries of one layer or one directory tree
 * @param layerBytes of one layer, decompressed
 * @param imageBytes of all layers of one image together, decompressed
 * @param freeRatioBytes up to which a layer may decompress at any ratio
 * @param ratio of decompressed to compressed bytes beyond that
 */
public record Bounds(
    int documentBytes,
    int layers,
    int entries,
    long layerBytes,
    long imageBytes,
    long freeRatioBytes,
    int ratio) {
  private static final long MEBI = 1L << 20;

  /** 8 MiB documents, 512 layers of a million entries and 16 GiB, 48 GiB in all, ratio 250. */
  public static final Bounds USUAL =
      new Bounds((int) (8 * MEBI), 512, 1_000_000, 16_384 * MEBI, 49_152 * MEBI, 256 * MEBI, 250);

  /** Of all signatures and attestations of an image together: those of eight documents. */
  public long attachedBytes() {
    return 8L * documentBytes;
  }

  /** Refuses a bound that lets nothing through. */
  public Bounds {
    if (documentBytes < 1 || layers < 1 || entries < 1 || layerBytes < 1 || imageBytes < 1) {
      throw new IllegalArgumentException("a bound must let something through");
    }
    if (freeRatioBytes < 0 || ratio < 1) {
      throw new IllegalArgumentException("a ratio of decompression is at least 1");
    }
  }
}
