package io.bulwark.cluster.node.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image in the runtime's store.
 *
 * @param userId the user that it runs as, where it is a number
 * @param userName the user where it is a name; empty for root or for a number
 * @param size bytes
 */
public record ImageState(
    String id,
    List<String> tags,
    List<String> digests,
    long size,
    @Nullable Long userId,
    String userName) {
  public ImageState {
    tags = List.copyOf(tags);
    digests = List.copyOf(digests);
  }
}
