package io.bulwark.cluster.image.layer;

/** What the layers of one image may still decompress to. Not safe for concurrent use. */
final class LayerBudget {
  private final Bounds bounds;
  private long left;

  LayerBudget(Bounds bounds) {
    this.bounds = bounds;
    this.left = bounds.imageBytes();
  }

  Bounds bounds() {
    return bounds;
  }

  /** Bytes that the next layer may take. */
  long next() {
    return Math.min(left, bounds.layerBytes());
  }

  void took(long bytes) {
    left = Math.max(0, left - bytes);
  }
}
