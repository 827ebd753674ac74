package io.bulwark.cluster.image.inventory.language;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells what an archive is, surest evidence first: its digest, its own pom among those inside, a
 * server's known archives, and last the manifest and the file name together.
 */
final class ArchiveIdentity {
  private ArchiveIdentity() {}

  /** The archive's own coordinates, null where nothing gives it a version. */
  static @Nullable Coordinates of(ArchiveEvidence evidence) {
    if (evidence.byDigest != null) {
      return evidence.byDigest;
    }
    Coordinates pom = ownPom(evidence);
    if (pom != null) {
      return pom;
    }
    if (Tomcat.unpublished(evidence)) {
      return null;
    }
    Coordinates tomcat = Tomcat.archive(evidence);
    return tomcat == null ? guess(evidence) : tomcat;
  }

  private static @Nullable Coordinates ownPom(ArchiveEvidence evidence) {
    String name = evidence.name.text();
    String artifact = evidence.name.artifact();
    Coordinates best = null;
    for (Coordinates pom : evidence.poms) {
      boolean same =
          pom.artifact().equals(artifact)
              || name.equals(pom.artifact() + "-" + pom.version())
              || name.startsWith(pom.artifact() + "-" + pom.version() + "-")
              || pom.artifact().startsWith(artifact + "_");
      if (same && (best == null || pom.version().equals(evidence.name.version()))) {
        best = pom;
      }
    }
    if (best != null || evidence.poms.size() != 1) {
      return best;
    }
    Coordinates only = evidence.poms.getFirst();
    String version = evidence.name.version();
    return version.isEmpty() || version.equals(only.version()) ? only : null;
  }

  private static @Nullable Coordinates guess(ArchiveEvidence evidence) {
    String artifact = artifact(evidence);
    String version = version(evidence);
    if (!Words.coordinate(artifact) || !Words.coordinate(version)) {
      return null;
    }
    return new Coordinates(ArchiveGroup.of(evidence, artifact), artifact, version);
  }

  private static String artifact(ArchiveEvidence evidence) {
    ArchiveName name = evidence.name;
    if (!name.version().isEmpty()) {
      return name.artifact();
    }
    String title = evidence.manifest.text("Implementation-Title");
    String symbolic = evidence.manifest.symbolicName();
    for (String stated : List.of(title, symbolic)) {
      if (stated.equals(name.artifact()) || stated.endsWith("." + name.artifact())) {
        return name.artifact();
      }
    }
    boolean archivesOwnName = Words.coordinate(title) && title.indexOf('.') < 0;
    return archivesOwnName && !title.equals("jar") ? title : name.artifact();
  }

  /** What the file name or else the manifest says; empty where neither does. */
  static String version(ArchiveEvidence evidence) {
    String named = evidence.name.version();
    if (!named.isEmpty()) {
      return named;
    }
    for (String attribute : List.of("Implementation-Version", "Bundle-Version")) {
      String stated = evidence.manifest.text(attribute);
      int blank = stated.indexOf(' ');
      String version = blank < 0 ? stated : stated.substring(0, blank);
      if (Words.coordinate(version) && Words.digit(version.charAt(0))) {
        return version;
      }
    }
    return "";
  }
}
