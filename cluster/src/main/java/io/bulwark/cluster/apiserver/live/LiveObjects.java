package io.bulwark.cluster.apiserver.live;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects as they are stored at the moment of the call. Stages that must not trust a cache (a
 * revoked token, a namespace that began to terminate) read through this. Thread-safe.
 */
public interface LiveObjects {
  /**
   * @param namespace empty for cluster-scoped resources
   * @return the object with its resourceVersion, or null; the caller may change it
   */
  @Nullable Tree find(Resource resource, String namespace, String name);

  /**
   * @param namespace empty for all namespaces
   */
  List<Tree> list(Resource resource, String namespace);
}
