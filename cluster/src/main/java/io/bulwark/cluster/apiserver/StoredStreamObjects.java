package io.bulwark.cluster.apiserver;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import io.bulwark.cluster.apiserver.stream.StreamObjects;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What streams look up, as it is stored now. */
record StoredStreamObjects(LiveObjects objects) implements StreamObjects {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  @Override
  public @Nullable Tree pod(String namespace, String name) {
    return frozen(objects.find(Resources.PODS, namespace, name));
  }

  @Override
  public @Nullable Tree node(String name) {
    return frozen(objects.find(Resources.NODES, "", name));
  }

  @Override
  public @Nullable Tree service(String namespace, String name) {
    return frozen(objects.find(Resources.SERVICES, namespace, name));
  }

  @Override
  public List<Tree> endpointSlices(String namespace, String service) {
    return objects.list(Resources.ENDPOINT_SLICES, namespace).stream()
        .filter(slice -> service.equals(Meta.label(slice, SERVICE_LABEL)))
        .map(Tree::freeze)
        .toList();
  }

  private static @Nullable Tree frozen(@Nullable Tree object) {
    return object == null ? null : object.freeze();
  }
}
