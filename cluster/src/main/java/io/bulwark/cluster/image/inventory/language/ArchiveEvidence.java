package io.bulwark.cluster.image.inventory.language;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one archive shows of itself while it is read. For one thread. */
final class ArchiveEvidence {
  /** A group and an artifact, from the directory that a pom stands in. */
  record Place(String group, String artifact) {}

  final ArchiveName name;
  final List<Coordinates> poms = new ArrayList<>();
  private final List<Coordinates> described = new ArrayList<>();
  private final Set<Place> unfilled = new LinkedHashSet<>();
  final Set<Place> places = new LinkedHashSet<>();
  Manifest manifest = Manifest.NONE;
  String serverInfo = "";
  @Nullable Coordinates byDigest;
  private @Nullable String packages;

  ArchiveEvidence(ArchiveName name) {
    this.name = name;
  }

  /** Notes coordinates; a version that the build did not fill in is the archive's own. */
  void pom(String group, String artifact, String stated) {
    Coordinates pom = coordinates(group, artifact, stated);
    if (pom != null) {
      poms.add(pom);
    }
  }

  /** Notes what a pom says; it counts unless the properties beside it are there too. */
  void described(String group, String artifact, String stated) {
    Coordinates pom = coordinates(group, artifact, stated);
    if (pom != null) {
      described.add(pom);
    }
  }

  /** All entries were read. */
  void complete() {
    String own = unfilled.isEmpty() ? "" : ArchiveIdentity.version(this);
    for (Place place : unfilled) {
      if (Words.coordinate(own)) {
        described.add(new Coordinates(place.group(), place.artifact(), own));
      }
    }
    for (Coordinates pom : described) {
      if (poms.stream().noneMatch(pom::sameArtifact)) {
        poms.add(pom);
      }
    }
  }

  private @Nullable Coordinates coordinates(String group, String artifact, String version) {
    if (!Words.coordinate(group) || !Words.coordinate(artifact)) {
      return null;
    }
    if (version.contains("${")) {
      unfilled.add(new Place(group, artifact));
      return null;
    }
    return Words.coordinate(version) ? new Coordinates(group, artifact, version) : null;
  }

  /** Notes where a class lies. */
  void classFile(String entry) {
    int slash = entry.lastIndexOf('/');
    if (slash <= 0 || entry.startsWith("META-INF/")) {
      return;
    }
    String directory = entry.substring(0, slash + 1);
    packages = packages == null ? directory : commonDirectory(packages, directory);
  }

  /** The package that all classes share, with dots; empty where they share none. */
  String commonPackage() {
    String shared = packages;
    return shared == null || shared.isEmpty()
        ? ""
        : shared.substring(0, shared.length() - 1).replace('/', '.');
  }

  private static String commonDirectory(String one, String other) {
    int end = Math.min(one.length(), other.length());
    int same = 0;
    while (same < end && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    return one.substring(0, one.lastIndexOf('/', same - 1) + 1);
  }
}
