package io.bulwark.cluster.image.layer;

/**
 * What a layer says of one path. Immutable.
 *
 * @param path absolute inside the image and normalized; {@code /} for the root itself
 * @param size of the content in bytes; 0 for all but files
 * @param executable whether any execute bit is set
 * @param target of a hard link: absolute and normalized; empty for everything else
 */
public record LayerEntry(String path, Type type, long size, boolean executable, String target) {
  /** What an entry is. Devices, pipes and sockets are {@code OTHER}. */
  public enum Type {
    FILE,
    DIRECTORY,
    SYMBOLIC_LINK,
    HARD_LINK,
    OTHER
  }
}
