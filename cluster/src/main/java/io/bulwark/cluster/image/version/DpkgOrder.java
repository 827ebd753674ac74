package io.bulwark.cluster.image.version;

/**
 * Debian's order: epoch, then upstream version, then revision, where a tilde comes before the end.
 *
 * <p>Source: Debian policy, section 5.6.12; deb-version(7).
 */
final class DpkgOrder implements VersionOrder {
  @Override
  public int compare(String one, String other) {
    String a = one.strip();
    String b = other.strip();
    int colonA = epochEnd(a);
    int colonB = epochEnd(b);
    int order =
        Numerals.compare(a.substring(0, Math.max(0, colonA)), b.substring(0, Math.max(0, colonB)));
    if (order != 0) {
      return order;
    }
    int hyphenA = a.lastIndexOf('-');
    int hyphenB = b.lastIndexOf('-');
    int endA = hyphenA < colonA + 1 ? a.length() : hyphenA;
    int endB = hyphenB < colonB + 1 ? b.length() : hyphenB;
    order = part(a, colonA + 1, endA, b, colonB + 1, endB);
    return order != 0
        ? order
        : part(
            a,
            Math.min(a.length(), endA + 1),
            a.length(),
            b,
            Math.min(b.length(), endB + 1),
            b.length());
  }

  private static int epochEnd(String version) {
    int colon = version.indexOf(':');
    return colon > 0 && Numerals.end(version, 0) == colon ? colon : -1;
  }

  private static int part(String a, int startA, int endA, String b, int startB, int endB) {
    int i = startA;
    int j = startB;
    while (i < endA || j < endB) {
      while ((i < endA && !Numerals.digit(a.charAt(i)))
          || (j < endB && !Numerals.digit(b.charAt(j)))) {
        int order =
            Integer.compare(i < endA ? weight(a.charAt(i)) : 0, j < endB ? weight(b.charAt(j)) : 0);
        if (order != 0) {
          return order;
        }
        i++;
        j++;
      }
      int numberA = i;
      int numberB = j;
      i = Math.min(endA, Numerals.end(a, i));
      j = Math.min(endB, Numerals.end(b, j));
      int order = Numerals.compare(a.substring(numberA, i), b.substring(numberB, j));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int weight(char c) {
    if (Numerals.digit(c)) {
      return 0;
    }
    return c == '~' ? -1 : Numerals.letter(c) ? c : c + 256;
  }
}
