package io.bulwark.api.meta;

/** A resource (lower-case plural) without its version; the core group is the empty string. */
public record GroupResource(String group, String resource) {
  /** As errors name it: {@code deployments.apps}, or {@code pods} in the core group. */
  @Override
  public String toString() {
    return group.isEmpty() ? resource : resource + "." + group;
  }
}
