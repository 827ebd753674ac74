package io.bulwark.cluster.image.layer;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.util.List;

/**
 * What refers to an image by its {@code subject}.
 *
 * <p>Source: OCI distribution specification 1.1, "Listing Referrers".
 */
public final class Referrers {
  private Referrers() {}

  /**
   * The contents of those that refer to an image and are of a type. What does not say so itself is
   * passed over, whatever the index says of it.
   *
   * @param index as a registry answers; untrusted
   * @param digest of the image
   * @param type what the artifact type begins with
   * @throws RefusedImage if a content lies, or is larger or there are more than the bounds allow
   */
  public static List<AttachedContent> read(
      byte[] index, String digest, String type, Blobs blobs, Bounds bounds) throws IOException {
    Tree document;
    try {
      document = Json.read(index);
    } catch (RuntimeException malformed) {
      throw new RefusedImage("the list of what refers to " + digest + " is no JSON object");
    }
    List<Tree> entries =
        document.trees("manifests").stream()
            .filter(entry -> entry.textOrEmpty("artifactType").startsWith(type))
            .toList();
    if (entries.size() > bounds.layers()) {
      throw new RefusedImage(
          "more than " + bounds.layers() + " signatures and attestations of " + digest);
    }
    AttachedContent.Reading reading = new AttachedContent.Reading(blobs, bounds);
    for (Tree entry : entries) {
      Descriptor manifest = Descriptor.read(entry);
      Tree content = Documents.read(blobs, manifest, bounds);
      boolean refers =
          content.textOrEmpty("subject", "digest").equals(digest)
              && content.textOrEmpty("artifactType").startsWith(type);
      if (refers) {
        reading.add(content);
      }
    }
    return reading.found();
  }
}
