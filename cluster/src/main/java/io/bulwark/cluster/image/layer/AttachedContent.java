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
    Reading reading = new Reading(blobs, bounds);
    reading.add(Documents.read(blobs, manifest, bounds));
    return reading.found();
  }

  /** Collects the contents of manifests, together no more than fits into memory. */
  static final class Reading {
    private final Blobs blobs;
    private final Bounds bounds;
    private final List<AttachedContent> found = new ArrayList<>();
    private long bytes;

    Reading(Blobs blobs, Bounds bounds) {
      this.blobs = blobs;
      this.bounds = bounds;
    }

    void add(Tree manifest) throws IOException {
      for (Tree entry : manifest.trees("layers")) {
        if (found.size() >= bounds.layers()) {
          throw new RefusedImage("more than " + bounds.layers() + " attached contents");
        }
        byte[] content = Documents.bytes(blobs, Descriptor.read(entry), bounds);
        bytes += content.length;
        if (bytes > bounds.attachedBytes()) {
          throw new RefusedImage(
              "attached contents of more than " + bounds.attachedBytes() + " bytes");
        }
        found.add(new AttachedContent(content, Descriptor.texts(entry.treeOrEmpty("annotations"))));
      }
    }

    List<AttachedContent> found() {
      return List.copyOf(found);
    }
  }
}
