package io.bulwark.cluster.image.version;

import java.util.ArrayList;
import java.util.List;

/**
 * Alpine's order: {@code 1.2.3b_rc1_p2~hash-r4}. Numbers after the first compare as text where one
 * begins with a zero; suffixes up to {@code _rc} come before the end, the others after it.
 *
 * <p>Source: apk-tools, doc/apk-package.5.scd, "pkgver".
 */
final class ApkOrder implements VersionOrder {
  private static final List<String> BEFORE = List.of("alpha", "beta", "pre", "rc");
  private static final List<String> AFTER = List.of("cvs", "svn", "git", "hg", "p");

  /** What may follow where versions part, oldest first. */
  private enum Kind {
    EARLY_SUFFIX,
    UNREADABLE,
    END,
    REVISION,
    HASH,
    SUFFIX_NUMBER,
    LATE_SUFFIX,
    LETTER,
    NUMBER
  }

  private record Token(Kind kind, int weight, String text) {}

  @Override
  public int compare(String one, String other) {
    List<Token> a = tokens(one);
    List<Token> b = tokens(other);
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compare(a.get(i), b.get(i), i == 0);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static int compare(Token a, Token b, boolean first) {
    if (a.kind != b.kind) {
      return a.kind.compareTo(b.kind);
    }
    return switch (a.kind) {
      case EARLY_SUFFIX, LATE_SUFFIX -> Integer.compare(a.weight, b.weight);
      case REVISION, SUFFIX_NUMBER -> Numerals.compare(a.text, b.text);
      case NUMBER ->
          !first && (a.text.startsWith("0") || b.text.startsWith("0"))
              ? a.text.compareTo(b.text)
              : Numerals.compare(a.text, b.text);
      case LETTER, HASH, UNREADABLE -> a.text.compareTo(b.text);
      case END -> 0;
    };
  }

  private static List<Token> tokens(String version) {
    List<Token> tokens = new ArrayList<>();
    int at = numbers(version, tokens);
    if (at > 0 && at < version.length() && Numerals.letter(version.charAt(at))) {
      tokens.add(new Token(Kind.LETTER, 0, version.substring(at, at + 1)));
      at++;
    }
    at = at == 0 ? 0 : suffixes(version, at, tokens);
    if (at > 0 && version.startsWith("~", at)) {
      int end = at + 1;
      while (end < version.length() && Character.digit(version.charAt(end), 16) >= 0) {
        end++;
      }
      tokens.add(new Token(Kind.HASH, 0, version.substring(at + 1, end)));
      at = end;
    }
    if (at > 0 && version.startsWith("-r", at)) {
      int end = Numerals.end(version, at + 2);
      if (end > at + 2) {
        tokens.add(new Token(Kind.REVISION, 0, version.substring(at + 2, end)));
        at = end;
      }
    }
    tokens.add(
        at == version.length()
            ? new Token(Kind.END, 0, "")
            : new Token(Kind.UNREADABLE, 0, version.substring(at)));
    return tokens;
  }

  private static int numbers(String version, List<Token> tokens) {
    int at = 0;
    int end = Numerals.end(version, 0);
    while (end > at) {
      tokens.add(new Token(Kind.NUMBER, 0, version.substring(at, end)));
      if (!version.startsWith(".", end) || Numerals.end(version, end + 1) == end + 1) {
        return end;
      }
      at = end + 1;
      end = Numerals.end(version, at);
    }
    return 0;
  }

  private static int suffixes(String version, int from, List<Token> tokens) {
    int at = from;
    while (version.startsWith("_", at)) {
      int end = Numerals.lettersEnd(version, at + 1);
      String word = version.substring(at + 1, end);
      if (BEFORE.contains(word)) {
        tokens.add(new Token(Kind.EARLY_SUFFIX, BEFORE.indexOf(word), word));
      } else if (AFTER.contains(word)) {
        tokens.add(new Token(Kind.LATE_SUFFIX, AFTER.indexOf(word), word));
      } else {
        return at;
      }
      at = Numerals.end(version, end);
      if (at > end) {
        tokens.add(new Token(Kind.SUFFIX_NUMBER, 0, version.substring(end, at)));
      }
    }
    return at;
  }
}
