package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Component;
import org.jspecify.annotations.Nullable;

/** Packages of the npm registry as components. */
final class NpmLibrary {
  private NpmLibrary() {}

  /**
   * The component; null where the name or the version is none that the registry would take. It
   * takes versions with a leading {@code v}, and calls them without.
   */
  static @Nullable Component of(String name, String stated, String path) {
    String version =
        stated.startsWith("v") || stated.startsWith("=") ? stated.substring(1) : stated;
    if (!Words.plain(name)
        || !Words.coordinate(version)
        || !Words.digit(version.charAt(0))
        || name.startsWith("@") != (name.indexOf('/') >= 0)
        || name.startsWith("@/")
        || name.startsWith("/")
        || name.indexOf('/') != name.lastIndexOf('/')
        || name.endsWith("/")) {
      return null;
    }
    return new Component(
        name,
        version,
        "npm",
        Purls.slashed("npm", name, version),
        path,
        null,
        Component.Kind.LIBRARY);
  }

  /** Whether a lock file is an image's own, not one that an installed package brought along. */
  static boolean ownLock(String path) {
    return !path.contains("/node_modules/");
  }
}
