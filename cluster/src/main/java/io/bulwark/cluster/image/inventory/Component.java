package io.bulwark.cluster.image.inventory;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One piece of software that a file of an image shows. Immutable.
 *
 * @param name as the ecosystem spells it: a Debian package's name, {@code group:artifact} for Maven
 * @param version in the ecosystem's own form, epoch included; never blank
 * @param ecosystem in OSV's words, with the release where there is one: {@code Debian:12}, {@code
 *     Alpine:v3.20}, {@code Maven}, {@code npm}, {@code PyPI}, {@code Go}, {@code crates.io}
 * @param purl the package URL
 * @param path the file that shows it, absolute inside the image; a jar inside a jar follows after
 *     {@code !/}
 * @param source the source package where advisories name that instead, null where they do not
 * @param kind what the component does for the image, which decides its layer's role
 */
public record Component(
    String name,
    String version,
    String ecosystem,
    String purl,
    String path,
    @Nullable SourcePackage source,
    Kind kind) {

  /** What a component is to the image that holds it, least specific first. */
  public enum Kind {
    DISTRIBUTION,
    LIBRARY,
    RUNTIME,
    SERVER
  }

  /** The source package that a binary package was built from. */
  public record SourcePackage(String name, String version) {}

  /** Refuses a component without a name, a version or a path. */
  public Component {
    Objects.requireNonNull(ecosystem, "ecosystem");
    Objects.requireNonNull(purl, "purl");
    Objects.requireNonNull(kind, "kind");
    if (name.isBlank() || version.isBlank() || path.isBlank()) {
      throw new IllegalArgumentException("a component needs a name, a version and a path");
    }
  }
}
