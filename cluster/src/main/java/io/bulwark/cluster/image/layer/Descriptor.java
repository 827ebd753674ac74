package io.bulwark.cluster.image.layer;

import io.bulwark.api.tree.Tree;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one document says of a content that lies elsewhere. Immutable.
 *
 * <p>Source: OCI image specification 1.1, "Content Descriptors".
 *
 * @param mediaType may be empty
 * @param digest of a kind that can be checked
 * @param size in bytes; negative where nobody said
 * @param platform null where it is not said
 */
public record Descriptor(
    String mediaType,
    String digest,
    long size,
    Map<String, String> annotations,
    @Nullable Platform platform) {
  /** Copies the annotations. */
  public Descriptor {
    annotations = Map.copyOf(annotations);
  }

  /**
   * A content of which only the digest is known, and maybe the size.
   *
   * @throws RefusedImage if the digest is of no kind that can be checked
   */
  public static Descriptor of(String mediaType, String digest, long size) throws RefusedImage {
    return new Descriptor(mediaType, Digests.checked(digest), size, Map.of(), null);
  }

  /** The SHA-256 of a content in the notation of manifests. */
  public static String digestOf(byte[] content) {
    return Digests.sha256(content);
  }

  static Descriptor read(Tree tree) throws RefusedImage {
    long size = tree.number(-1, "size");
    if (size < 0) {
      throw new RefusedImage("a descriptor without a size");
    }
    Tree platform = tree.tree("platform");
    return new Descriptor(
        tree.textOrEmpty("mediaType"),
        Digests.checked(tree.textOrEmpty("digest")),
        size,
        texts(tree.treeOrEmpty("annotations")),
        platform == null
            ? null
            : new Platform(
                platform.textOrEmpty("os"),
                platform.textOrEmpty("architecture"),
                platform.textOrEmpty("variant")));
  }

  /** The entries whose values are texts. */
  static Map<String, String> texts(Tree tree) {
    Map<String, String> texts = new HashMap<>();
    for (var entry : tree.entrySet()) {
      if (entry.getValue() instanceof String text) {
        texts.put(entry.getKey(), text);
      }
    }
    return texts;
  }

  /** Whether this describes how another image was built instead of an image. */
  boolean attestation() {
    return annotations.containsKey("vnd.docker.reference.type")
        || (platform != null && platform.os().equals("unknown"));
  }
}
