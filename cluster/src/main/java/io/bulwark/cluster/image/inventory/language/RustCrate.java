package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Component;
import org.jspecify.annotations.Nullable;

/** Crates as components. */
final class RustCrate {
  private RustCrate() {}

  /** The component; null where the parts are no name and version of a crate. */
  static @Nullable Component of(String name, String version, String path) {
    if (!Words.coordinate(name) || !Words.coordinate(version) || !Words.digit(version.charAt(0))) {
      return null;
    }
    return new Component(
        name,
        version,
        "crates.io",
        Purls.of("cargo", null, name, version),
        path,
        null,
        Component.Kind.LIBRARY);
  }
}
