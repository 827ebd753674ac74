package io.bulwark.cluster.image.inventory.language;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An installation of Apache Tomcat, whose archives carry neither Maven metadata nor Maven's names.
 *
 * <p>Source: the artifacts that Tomcat publishes to Maven repositories.
 */
final class Tomcat {
  static final String GROUP = "org.apache.tomcat";
  private static final String TITLE = "Apache Tomcat";
  private static final Map<String, String> ARTIFACTS =
      Map.ofEntries(
          Map.entry("annotations-api", "tomcat-annotations-api"),
          Map.entry("catalina", "tomcat-catalina"),
          Map.entry("catalina-ant", "tomcat-catalina-ant"),
          Map.entry("catalina-ha", "tomcat-catalina-ha"),
          Map.entry("catalina-ssi", "tomcat-ssi"),
          Map.entry("catalina-storeconfig", "tomcat-storeconfig"),
          Map.entry("catalina-tribes", "tomcat-tribes"),
          Map.entry("jasper", "tomcat-jasper"),
          Map.entry("jasper-el", "tomcat-jasper-el"),
          Map.entry("jaspic-api", "tomcat-jaspic-api"),
          Map.entry("tomcat-i18n", "tomcat-i18n"));

  private Tomcat() {}

  /** The version of the server whose heart this archive is; empty for any other archive. */
  static String serverVersion(ArchiveEvidence evidence, String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    if (evidence.serverInfo.isEmpty()
        || !(file.equals("catalina.jar") || evidence.name.artifact().endsWith("-catalina"))
        || path.contains("-INF/")) {
      return "";
    }
    return version(evidence.serverInfo);
  }

  /** Whether this is the archive that starts a server, and which no repository has. */
  static boolean unpublished(ArchiveEvidence evidence) {
    return evidence.manifest.text("Implementation-Title").equals(TITLE + " Bootstrap");
  }

  /** The Maven coordinates of one of its archives, null for any other archive. */
  static @Nullable Coordinates archive(ArchiveEvidence evidence) {
    String artifact = artifact(evidence);
    String version =
        evidence.serverInfo.isEmpty() ? stated(evidence) : version(evidence.serverInfo);
    if (!Words.coordinate(artifact) || !Words.coordinate(version)) {
      return null;
    }
    String group = artifact.startsWith("tomcat-embed-") ? "org.apache.tomcat.embed" : GROUP;
    return new Coordinates(group, artifact, version);
  }

  private static String artifact(ArchiveEvidence evidence) {
    String symbolic = evidence.manifest.symbolicName();
    if (symbolic.startsWith("org.apache.tomcat-")) {
      return symbolic.substring("org.apache.".length());
    }
    String name = evidence.name.artifact();
    if (!evidence.manifest.text("Implementation-Title").equals(TITLE)) {
      return "";
    }
    return name.startsWith("tomcat-") ? name : ARTIFACTS.getOrDefault(name, "");
  }

  /**
   * The archives of the interfaces state the interfaces' versions, and Tomcat's as the bundle's.
   */
  private static String stated(ArchiveEvidence evidence) {
    return evidence.manifest.text("Implementation-Title").equals(TITLE)
        ? evidence.manifest.text("Implementation-Version")
        : evidence.manifest.text("Bundle-Version");
  }

  /** {@code Apache Tomcat/9.0.70 (Debian)} is 9.0.70. */
  private static String version(String info) {
    String version = info.substring(info.indexOf('/') + 1).strip();
    int blank = version.indexOf(' ');
    version = blank < 0 ? version : version.substring(0, blank);
    return Words.coordinate(version) ? version : "";
  }
}
