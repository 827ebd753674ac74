package io.bulwark.cluster.image.version;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Semantic versioning 2.0.0 with the dialects that grew around it. Missing numbers are zero, a
 * leading {@code v} or {@code =} is passed over, build metadata does not count.
 *
 * <p>Source: semver.org, section 11; go.dev/ref/mod#versions; learn.microsoft.com, "NuGet package
 * versioning".
 */
final class SemanticOrder implements VersionOrder {
  /** Whose habits. */
  enum Dialect {
    STRICT,
    /** Release names of Go itself, {@code go1.21rc2}, too. */
    GO,
    /** Four numbers; letters compare without case. */
    NUGET
  }

  private final Dialect dialect;

  SemanticOrder(Dialect dialect) {
    this.dialect = dialect;
  }

  private record Version(List<String> numbers, List<String> identifiers) {}

  @Override
  public int compare(String one, String other) {
    Version a = version(one);
    Version b = version(other);
    if (a == null || b == null) {
      return a == b ? one.compareTo(other) : a == null ? -1 : 1;
    }
    for (int i = 0; i < Math.max(a.numbers.size(), b.numbers.size()); i++) {
      int order = Numerals.compare(at(a.numbers, i), at(b.numbers, i));
      if (order != 0) {
        return order;
      }
    }
    if (a.identifiers.isEmpty() || b.identifiers.isEmpty()) {
      return Boolean.compare(a.identifiers.isEmpty(), b.identifiers.isEmpty());
    }
    return identifiers(a.identifiers, b.identifiers);
  }

  private static String at(List<String> numbers, int index) {
    return index < numbers.size() ? numbers.get(index) : "";
  }

  private static int identifiers(List<String> a, List<String> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      boolean numberA = Numerals.all(a.get(i));
      boolean numberB = Numerals.all(b.get(i));
      int order =
          numberA && numberB
              ? Numerals.compare(a.get(i), b.get(i))
              : numberA == numberB ? a.get(i).compareTo(b.get(i)) : numberA ? -1 : 1;
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private @Nullable Version version(String text) {
    String rest = dialect == Dialect.GO ? released(text.strip()) : text.strip();
    int start = 0;
    while (start < rest.length() && "v=V ".indexOf(rest.charAt(start)) >= 0) {
      start++;
    }
    int plus = rest.indexOf('+', start);
    rest = rest.substring(start, plus < 0 ? rest.length() : plus);
    int hyphen = rest.indexOf('-');
    String core = hyphen < 0 ? rest : rest.substring(0, hyphen);
    List<String> numbers = List.of(core.split("\\.", -1));
    for (String number : numbers) {
      if (!Numerals.all(number)) {
        return null;
      }
    }
    if (hyphen < 0) {
      return new Version(numbers, List.of());
    }
    String identifiers = rest.substring(hyphen + 1);
    return new Version(
        numbers,
        List.of(
            (dialect == Dialect.NUGET ? identifiers.toLowerCase(Locale.ROOT) : identifiers)
                .split("\\.", -1)));
  }

  /** {@code go1.21rc2 X:flag} as {@code 1.21-rc.2}; anything else as it is. */
  private static String released(String text) {
    String version = text.startsWith("go") ? text.substring(2) : text;
    int space = version.indexOf(' ');
    version = space < 0 ? version : version.substring(0, space);
    int at = 0;
    while (at < version.length()
        && (Numerals.digit(version.charAt(at)) || version.charAt(at) == '.')) {
      at++;
    }
    int word = Numerals.lettersEnd(version, at);
    if (at == 0 || word == at || Numerals.end(version, word) != version.length()) {
      return version;
    }
    return version.substring(0, at)
        + "-"
        + version.substring(at, word)
        + (word == version.length() ? "" : "." + version.substring(word));
  }
}
