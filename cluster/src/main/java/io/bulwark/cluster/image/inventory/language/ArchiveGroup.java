package io.bulwark.cluster.image.inventory.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The group of an archive that carries no Maven metadata. A wrong group is a vulnerability that is
 * missed, so what is known comes before what is derived.
 *
 * <p>The table {@code archive-groups.properties} maps the beginnings of artifact names to groups;
 * the longest beginning that fits wins, and a name that ends in {@code $} must fit whole.
 */
final class ArchiveGroup {
  private static final TreeMap<String, String> KNOWN = known();
  private static final List<String> TOP =
      List.of("com", "org", "net", "io", "de", "dev", "edu", "eu", "fr", "uk", "me", "info", "ch");

  private ArchiveGroup() {}

  /** The group; the artifact's own name, as was the custom once, where nothing tells. */
  static String of(ArchiveEvidence evidence, String artifact) {
    for (ArchiveEvidence.Place place : evidence.places) {
      if (place.artifact().equals(artifact)) {
        return place.group();
      }
    }
    for (Coordinates pom : evidence.poms) {
      if (artifact.startsWith(pom.group() + ".")) {
        return pom.group();
      }
    }
    String table = table(artifact);
    if (!table.isEmpty()) {
      return table;
    }
    for (String candidate :
        List.of(
            fromSymbolicName(evidence.manifest.symbolicName(), artifact),
            vendor(evidence.manifest.text("Implementation-Vendor-Id")),
            fromTitle(evidence.manifest.text("Implementation-Title"), artifact),
            fromPackage(evidence.commonPackage(), artifact),
            fromPackage(evidence.manifest.text("Automatic-Module-Name"), artifact))) {
      if (!candidate.isEmpty()) {
        return candidate;
      }
    }
    return artifact;
  }

  private static String table(String artifact) {
    String whole = KNOWN.get(artifact + "$");
    if (whole != null) {
      return whole;
    }
    for (int end = artifact.length(); end > 0; end--) {
      String group = KNOWN.get(artifact.substring(0, end));
      if (group != null) {
        return group;
      }
    }
    return "";
  }

  /**
   * The rule by which Maven's bundle plug-in makes symbolic names, backwards: group and artifact,
   * with what the artifact repeats of the group's last step left out.
   */
  private static String fromSymbolicName(String symbolic, String artifact) {
    if (!dotted(symbolic)) {
      return "";
    }
    if (symbolic.endsWith("." + artifact)) {
      return shortened(symbolic, artifact.length() + 1);
    }
    int dot = symbolic.lastIndexOf('.');
    String head = symbolic.substring(0, dot);
    String last = head.substring(head.lastIndexOf('.') + 1);
    String tail = symbolic.substring(dot + 1);
    return artifact.equals(last + "-" + tail) || artifact.equals(last + "." + tail)
        ? shortened(symbolic, tail.length() + 1)
        : "";
  }

  private static String shortened(String symbolic, int by) {
    String group = symbolic.substring(0, symbolic.length() - by);
    return dotted(group) ? group : "";
  }

  private static String vendor(String stated) {
    return dotted(stated) && !stated.equals("org.apache") ? stated : "";
  }

  /** Early Apache Commons name their package as the title. */
  private static String fromTitle(String title, String artifact) {
    return title.startsWith("org.apache.commons.") && artifact.startsWith("commons-")
        ? artifact
        : "";
  }

  /** The package without the last steps that the artifact's name repeats. */
  private static String fromPackage(String shared, String artifact) {
    if (!dotted(shared)) {
      return "";
    }
    String group = shared;
    List<String> words = List.of(artifact.toLowerCase(Locale.ROOT).split("[-_.]"));
    for (int i = words.size() - 1; i > 0; i--) {
      int dot = group.lastIndexOf('.');
      String last = group.substring(dot + 1);
      if (group.indexOf('.') == dot || !(last.equals(words.get(i)) || internal(last))) {
        break;
      }
      group = group.substring(0, dot);
    }
    return group.equals("org.apache") ? "" : group;
  }

  private static boolean internal(String step) {
    return step.equals("internal") || step.equals("impl");
  }

  private static boolean dotted(String name) {
    int dot = name.indexOf('.');
    return dot > 0
        && Words.coordinate(name)
        && !name.endsWith(".")
        && !name.contains("-INF")
        && (TOP.contains(name.substring(0, dot)) || name.startsWith("jakarta.") || dot > 2);
  }

  private static TreeMap<String, String> known() {
    Properties properties = new Properties();
    try (InputStream in = ArchiveGroup.class.getResourceAsStream("archive-groups.properties")) {
      if (in == null) {
        throw new IllegalStateException("archive-groups.properties is missing");
      }
      properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    TreeMap<String, String> known = new TreeMap<>();
    for (Map.Entry<Object, Object> entry : properties.entrySet()) {
      known.put((String) entry.getKey(), (String) entry.getValue());
    }
    return known;
  }
}
