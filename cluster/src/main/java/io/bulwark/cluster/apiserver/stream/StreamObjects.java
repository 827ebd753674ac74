package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stored objects that streams look up. Trees are frozen. Thread-safe. */
public interface StreamObjects {
  @Nullable Tree pod(String namespace, String name);

  @Nullable Tree node(String name);

  @Nullable Tree service(String namespace, String name);

  /** The slices that the label {@code kubernetes.io/service-name} ties to a Service. */
  List<Tree> endpointSlices(String namespace, String service);
}
