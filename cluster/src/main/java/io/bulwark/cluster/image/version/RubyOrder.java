package io.bulwark.cluster.image.version;

import java.util.ArrayList;
import java.util.List;

/**
 * The order of Ruby's gems: numbers and words in turn; a word makes a pre-release.
 *
 * <p>Source: docs.ruby-lang.org, Gem::Version.
 */
final class RubyOrder implements VersionOrder {
  @Override
  public int compare(String one, String other) {
    List<String> a = segments(one);
    List<String> b = segments(other);
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      String left = i < a.size() ? a.get(i) : "0";
      String right = i < b.size() ? b.get(i) : "0";
      boolean numberA = Numerals.all(left);
      boolean numberB = Numerals.all(right);
      int order =
          numberA && numberB
              ? Numerals.compare(left, right)
              : numberA == numberB ? left.compareTo(right) : numberA ? 1 : -1;
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static List<String> segments(String version) {
    String text = version.strip().replace("-", ".pre.");
    List<String> segments = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      char c = text.charAt(at);
      int end =
          Numerals.digit(c)
              ? Numerals.end(text, at)
              : Numerals.letter(c) ? Numerals.lettersEnd(text, at) : at;
      if (end > at) {
        if (!Numerals.digit(c)) {
          dropZeros(segments);
        }
        segments.add(text.substring(at, end));
        at = end;
      } else {
        at++;
      }
    }
    dropZeros(segments);
    return segments;
  }

  private static void dropZeros(List<String> segments) {
    while (!segments.isEmpty()
        && Numerals.all(segments.getLast())
        && Numerals.stripped(segments.getLast()).isEmpty()) {
      segments.removeLast();
    }
  }
}
