package io.bulwark.cluster.image.inventory.language;

import com.google.re2j.Pattern;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the file name of an archive says: {@code jackson-core-2.17.1.jar} is {@code jackson-core} in
 * {@code 2.17.1}; {@code log4j-1.2-api-2.17.1.jar} is {@code log4j-1.2-api}.
 *
 * @param artifact never empty; the whole name where it shows no version
 * @param version empty where there is none
 * @param classifier empty where there is none
 */
record ArchiveName(String artifact, String version, String classifier) {
  private static final Set<String> EXTENSIONS =
      Set.of("jar", "war", "ear", "sar", "par", "rar", "kar", "nar", "hpi", "jpi", "lpkg");
  private static final Pattern NUMBER = Pattern.compile("[vV]?[0-9][0-9A-Za-z._+]*");
  private static final Pattern QUALIFIER =
      Pattern.compile(
          "(?i)(final|release|ga|snapshot|alpha|beta|rc|cr|m|sp|b|jre|android|jdk|jakarta|incubating"
              + "|redhat|build|pre|preview|ea|dev|milestone|p|patch|r|rev|fuse|jbossorg|atlassian)"
              + "[._]?[0-9.]*");

  /** Whether the name ends as Java archives do. */
  static boolean archive(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1
        && EXTENSIONS.contains(path.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /** Takes the name of a file apart. */
  static ArchiveName of(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    String base = dot > 0 ? file.substring(0, dot) : file;
    List<String> parts = Arrays.asList(base.split("-", -1));
    ArchiveName fallback = null;
    for (int i = 1; i < parts.size(); i++) {
      if (NUMBER.matches(parts.get(i))) {
        ArchiveName split = split(parts, i);
        if (!split.numbered()) {
          return split;
        }
        fallback = split;
      }
    }
    return fallback == null ? new ArchiveName(base, "", "") : fallback;
  }

  /** Artifact and version as they stand in the name, for comparison with what metadata says. */
  String text() {
    return version.isEmpty() ? artifact : artifact + "-" + version;
  }

  private static ArchiveName split(List<String> parts, int at) {
    int end = at + 1;
    while (end < parts.size()
        && (NUMBER.matches(parts.get(end)) || QUALIFIER.matches(parts.get(end)))) {
      end++;
    }
    return new ArchiveName(
        String.join("-", parts.subList(0, at)),
        String.join("-", parts.subList(at, end)),
        String.join("-", parts.subList(end, parts.size())));
  }

  /** Whether a number follows the version: then the version began too early. */
  private boolean numbered() {
    return Arrays.stream(classifier.split("-")).anyMatch(NUMBER::matches);
  }
}
