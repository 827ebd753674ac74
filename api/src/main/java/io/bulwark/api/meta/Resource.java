package io.bulwark.api.meta;

import org.jspecify.annotations.Nullable;

/**
 * A served resource: where its objects are found. The core group is the empty string.
 *
 * @param resource the lower-case plural name
 * @param kind the kind of one object
 * @param namespaced whether objects live in namespaces
 */
public record Resource(
    String group, String version, String resource, String kind, boolean namespaced) {
  public GroupVersion groupVersion() {
    return new GroupVersion(group, version);
  }

  public GroupVersionKind groupVersionKind() {
    return new GroupVersionKind(group, version, kind);
  }

  public GroupResource groupResource() {
    return new GroupResource(group, resource);
  }

  /**
   * The URL path of the collection, or of one object where a name is given.
   *
   * @param namespace null or empty for all namespaces and for cluster-scoped resources
   */
  public String path(@Nullable String namespace, @Nullable String name) {
    StringBuilder path = new StringBuilder(groupVersion().path());
    if (namespaced && namespace != null && !namespace.isEmpty()) {
      path.append("/namespaces/").append(namespace);
    }
    path.append('/').append(resource);
    if (name != null && !name.isEmpty()) {
      path.append('/').append(name);
    }
    return path.toString();
  }
}
