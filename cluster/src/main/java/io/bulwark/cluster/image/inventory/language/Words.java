package io.bulwark.cluster.image.inventory.language;

/** Which texts of a file may be names and versions at all. */
final class Words {
  private static final int LONGEST = 256;

  private Words() {}

  /** Visible characters of ASCII only, not too many. */
  static boolean plain(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each <= ' ' || each > '~') {
        return false;
      }
    }
    return true;
  }

  /** Plain words with single slashes between them, none of which leads elsewhere. */
  static boolean path(String text) {
    if (!plain(text)) {
      return false;
    }
    for (String word : text.split("/", -1)) {
      if (word.isEmpty() || word.equals(".") || word.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /** What Maven takes as a group, an artifact or a version. */
  static boolean coordinate(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (!letterOrDigit(each) && "._-+".indexOf(each) < 0) {
        return false;
      }
    }
    return letterOrDigit(text.charAt(0)) || text.charAt(0) == '_';
  }

  static boolean digit(char each) {
    return each >= '0' && each <= '9';
  }

  static boolean letterOrDigit(char each) {
    return digit(each) || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
  }
}
