package io.bulwark.cluster.image.version;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Python's order: epoch, release, then development, pre-release, none, post-release, then the local
 * label.
 *
 * <p>Source: packaging.python.org, "Version specifiers" (PEP 440).
 */
final class PythonOrder implements VersionOrder {
  private static final Pattern VERSION =
      Pattern.compile(
          "v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*+)"
              + "(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?([0-9]*))?"
              + "((?:-([0-9]+))|(?:[-_.]?(?:post|rev|r)[-_.]?([0-9]*)))?"
              + "([-_.]?dev[-_.]?([0-9]*))?"
              + "(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*+))?");

  private static final String[] NO_LABEL = {};

  /**
   * @param phase 0 to 2 for alpha, beta, candidate; -1 for a development release of the plain
   *     version, 3 for none of these
   * @param post null without a post-release, which comes first
   * @param development null where it is none, which comes last
   */
  private record Version(
      String epoch,
      String[] release,
      int phase,
      String phaseNumber,
      @Nullable String post,
      @Nullable String development,
      String[] label) {}

  @Override
  public int compare(String one, String other) {
    Version a = version(one);
    Version b = version(other);
    if (a == null || b == null) {
      return a == b ? one.compareTo(other) : a == null ? -1 : 1;
    }
    int order = Numerals.compare(a.epoch, b.epoch);
    for (int i = 0; order == 0 && i < Math.max(a.release.length, b.release.length); i++) {
      order =
          Numerals.compare(
              i < a.release.length ? a.release[i] : "", i < b.release.length ? b.release[i] : "");
    }
    order = order != 0 ? order : Integer.compare(a.phase, b.phase);
    order = order != 0 ? order : Numerals.compare(a.phaseNumber, b.phaseNumber);
    order = order != 0 ? order : optional(a.post, b.post, -1);
    order = order != 0 ? order : optional(a.development, b.development, 1);
    return order != 0 ? order : labels(a.label, b.label);
  }

  private static int optional(@Nullable String a, @Nullable String b, int absent) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? absent : -absent;
    }
    return Numerals.compare(a, b);
  }

  private static int labels(String[] a, String[] b) {
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      boolean numberA = Numerals.all(a[i]);
      boolean numberB = Numerals.all(b[i]);
      int order =
          numberA && numberB
              ? Numerals.compare(a[i], b[i])
              : numberA == numberB ? a[i].compareTo(b[i]) : numberA ? 1 : -1;
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.length, b.length);
  }

  private static @Nullable Version version(String text) {
    Matcher match = VERSION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!match.matches()) {
      return null;
    }
    String phase = match.group(3);
    String post = match.group(5) == null ? null : orEmpty(match.group(6)) + orEmpty(match.group(7));
    String development = match.group(8) == null ? null : orEmpty(match.group(9));
    String label = match.group(10);
    return new Version(
        orEmpty(match.group(1)),
        match.group(2).split("\\."),
        phase == null
            ? (post == null && development != null ? -1 : 3)
            : switch (phase.charAt(0)) {
              case 'a' -> 0;
              case 'b' -> 1;
              default -> 2;
            },
        orEmpty(match.group(4)),
        post,
        development,
        label == null ? NO_LABEL : label.split("[-_.]"));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
