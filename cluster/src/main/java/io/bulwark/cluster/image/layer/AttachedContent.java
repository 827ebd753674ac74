package io.bulwark.cluster.image.layer;

import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small content that a manifest attaches to an image, such as a signature. Verified by its digest
 * only: what it says is untrusted. Immutable, if nobody changes the bytes.
 */
public final class AttachedContent {
  private final byte[] bytes;
  private final Map<String, String> annotations;

  private AttachedContent(byte[] bytes, Map<String, String> annotations) {
    this.bytes = bytes;
    this.annotations = annotations;
  }

  /** Not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  /** Those of its entry in the manifest. */
  public Map<String, String> annotations() {
    return annotations;
  }

  /**
   * Reads all contents that a manifest lists as its layers.
   *
   * @param manifest is read from the blobs too
   * @throws RefusedImage if a content lies, or is larger or there are more than the bounds allow
   */
  public static List<AttachedContent> read(Descriptor manifest, Blobs blobs, Bounds bounds)
      throws IOException {
    return read(Documents.read(blobs, manifest, bounds), blobs, bounds);
  }

  static List<AttachedContent> read(Tree document, Blobs blobs, Bounds bounds) throws IOException {
    if (document.trees("layers").size() > bounds.layers()) {
      throw new RefusedImage("more than " + bounds.layers() + " attached contents");
    }
    List<AttachedContent> found = new ArrayList<>();
    for (Tree entry : document.trees("layers")) {
      Descriptor descriptor = Descriptor.read(entry);
      found.add(
          new AttachedContent(
              Documents.bytes(blobs, descriptor, bounds),
              Descriptor.texts(entry.treeOrEmpty("annotations"))));
    }
    return found;
  }
}
