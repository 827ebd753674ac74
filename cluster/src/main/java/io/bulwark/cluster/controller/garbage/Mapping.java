package io.bulwark.cluster.controller.garbage;

import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.Resource;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From kinds, as owner references have them, to the resources that are served. */
record Mapping(Map<GroupKind, Resource> resources) {
  static Mapping of(Collection<Resource> resources) {
    return new Mapping(
        resources.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    resource -> resource.groupVersionKind().groupKind(),
                    resource -> resource,
                    (first, second) -> first)));
  }

  @Nullable Resource find(String apiVersion, String kind) {
    return resources.get(new GroupKind(GroupVersion.parse(apiVersion).group(), kind));
  }
}
