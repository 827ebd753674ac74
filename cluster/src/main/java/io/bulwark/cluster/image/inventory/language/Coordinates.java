package io.bulwark.cluster.image.inventory.language;

/**
 * What Maven calls an artifact. Immutable.
 *
 * @param group empty where it could not be told
 * @param artifact never empty
 * @param version never empty
 */
public record Coordinates(String group, String artifact, String version) {
  /** Refuses coordinates without an artifact or a version. */
  public Coordinates {
    if (artifact.isEmpty() || version.isEmpty()) {
      throw new IllegalArgumentException("an archive needs an artifact and a version");
    }
  }

  boolean sameArtifact(Coordinates other) {
    return group.equals(other.group) && artifact.equals(other.artifact);
  }

  /** {@code group:artifact}, or the artifact alone. */
  String name() {
    return group.isEmpty() ? artifact : group + ":" + artifact;
  }
}
