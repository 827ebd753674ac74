package io.bulwark.cluster.image.version;

/** Decimal numbers of any length, as text. */
final class Numerals {
  private Numerals() {}

  static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean all(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!digit(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** The first index from {@code start} on that holds no digit. */
  static int end(String text, int start) {
    int i = start;
    while (i < text.length() && digit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The first index from {@code start} on that holds no ASCII letter. */
  static int lettersEnd(String text, int start) {
    int i = start;
    while (i < text.length() && letter(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Compares two runs of digits by value; an empty run is zero. */
  static int compare(String one, String other) {
    String a = stripped(one);
    String b = stripped(other);
    return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
  }

  /** Without leading zeros; zero is empty. */
  static String stripped(String digits) {
    int i = 0;
    while (i < digits.length() && digits.charAt(i) == '0') {
      i++;
    }
    return digits.substring(i);
  }
}
