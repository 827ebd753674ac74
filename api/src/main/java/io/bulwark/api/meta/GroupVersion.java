package io.bulwark.api.meta;

/** A group and a version of it; the core group is the empty string. */
public record GroupVersion(String group, String version) {
  /** Parses the value of an {@code apiVersion} field. */
  public static GroupVersion parse(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new GroupVersion("", apiVersion)
        : new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
  }

  /** The path below which the group is served: {@code /api/v1} or {@code /apis/apps/v1}. */
  public String path() {
    return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
  }

  /** As an {@code apiVersion} field has it. */
  @Override
  public String toString() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
