package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.PackageUrl;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Package URLs of language packages. */
final class Purls {
  private Purls() {}

  /** {@code pkg:maven/group/artifact@version}. */
  static String maven(Coordinates coordinates) {
    String group = coordinates.group();
    return of(
        "maven", group.isEmpty() ? null : group, coordinates.artifact(), coordinates.version());
  }

  /** A name whose part before the last slash is the namespace. */
  static String slashed(String type, String name, String version) {
    int slash = name.lastIndexOf('/');
    return slash <= 0
        ? of(type, null, name, version)
        : of(type, name.substring(0, slash), name.substring(slash + 1), version);
  }

  /**
   * A package URL.
   *
   * @throws IllegalArgumentException if the parts cannot make one
   */
  static String of(String type, @Nullable String namespace, String name, String version) {
    return PackageUrl.of(type, namespace, name, version, Map.of());
  }
}
