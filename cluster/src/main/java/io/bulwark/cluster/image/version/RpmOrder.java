package io.bulwark.cluster.image.version;

/**
 * RPM's order: epoch, version, release. A tilde comes before the end, a caret right after it; words
 * come before numbers; other signs only separate.
 *
 * <p>Source: rpm-version(7); rpm.org, "Versioning".
 */
final class RpmOrder implements VersionOrder {
  @Override
  public int compare(String one, String other) {
    int colonA = epochEnd(one);
    int colonB = epochEnd(other);
    int order =
        Numerals.compare(
            one.substring(0, Math.max(0, colonA)), other.substring(0, Math.max(0, colonB)));
    if (order != 0) {
      return order;
    }
    String a = one.substring(colonA + 1);
    String b = other.substring(colonB + 1);
    int hyphenA = a.lastIndexOf('-');
    int hyphenB = b.lastIndexOf('-');
    order =
        part(hyphenA < 0 ? a : a.substring(0, hyphenA), hyphenB < 0 ? b : b.substring(0, hyphenB));
    return order != 0
        ? order
        : part(
            hyphenA < 0 ? "" : a.substring(hyphenA + 1),
            hyphenB < 0 ? "" : b.substring(hyphenB + 1));
  }

  private static int epochEnd(String version) {
    int colon = version.indexOf(':');
    return colon > 0 && Numerals.end(version, 0) == colon ? colon : -1;
  }

  private static int part(String a, String b) {
    int i = 0;
    int j = 0;
    while (true) {
      i = skipSeparators(a, i);
      j = skipSeparators(b, j);
      int rankA = rank(a, i);
      int rankB = rank(b, j);
      if (rankA != rankB) {
        return Integer.compare(rankA, rankB);
      }
      int fromA = i;
      int fromB = j;
      switch (rankA) {
        case END:
          return 0;
        case WORD:
          i = Numerals.lettersEnd(a, i);
          j = Numerals.lettersEnd(b, j);
          break;
        case NUMBER:
          i = Numerals.end(a, i);
          j = Numerals.end(b, j);
          break;
        default:
          i++;
          j++;
          continue;
      }
      String partA = a.substring(fromA, i);
      String partB = b.substring(fromB, j);
      int order = rankA == NUMBER ? Numerals.compare(partA, partB) : partA.compareTo(partB);
      if (order != 0) {
        return order;
      }
    }
  }

  private static final int TILDE = 0;
  private static final int END = 1;
  private static final int CARET = 2;
  private static final int WORD = 3;
  private static final int NUMBER = 4;

  private static int rank(String text, int at) {
    if (at >= text.length()) {
      return END;
    }
    char c = text.charAt(at);
    return c == '~' ? TILDE : c == '^' ? CARET : Numerals.digit(c) ? NUMBER : WORD;
  }

  private static int skipSeparators(String text, int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '~' || c == '^' || Numerals.digit(c) || Numerals.letter(c)) {
        return i;
      }
      i++;
    }
    return i;
  }
}
