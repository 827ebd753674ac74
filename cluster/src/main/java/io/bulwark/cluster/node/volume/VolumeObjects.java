package io.bulwark.cluster.node.volume;

import io.bulwark.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** The API objects that volumes are made of. Methods block and throw ApiException. */
public interface VolumeObjects {
  /** The ConfigMap, or null where there is none. */
  @Nullable Tree configMap(String namespace, String name);

  /** The Secret, or null where there is none. */
  @Nullable Tree secret(String namespace, String name);

  /**
   * A token of the pod's service account, bound to the pod, and renewed well before it ends.
   *
   * @param audience empty for the API server
   */
  String token(Tree pod, String audience, long lifetimeSeconds);

  /** What the node can give to pods. */
  Tree allocatable();
}
