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
  final Set<Place> places = new LinkedHashSet<>();
  Manifest manifest = Manifest.NONE;
  String serverInfo = "";
  @Nullable Coordinates byDigest;
  private @Nullable String packages;

  ArchiveEvidence(ArchiveName name) {
    this.name = name;
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
