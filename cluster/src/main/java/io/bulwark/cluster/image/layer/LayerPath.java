package io.bulwark.cluster.image.layer;

import java.util.ArrayDeque;
import java.util.Deque;

/** Names in archives, made absolute inside the image. */
final class LayerPath {
  static final int LONGEST = 4096;

  private LayerPath() {}

  /**
   * The normalized path of a name.
   *
   * @throws RefusedImage if it leaves the root or is too long
   */
  static String of(String name) throws RefusedImage {
    if (name.length() > LONGEST) {
      throw new RefusedImage("a path of more than " + LONGEST + " characters");
    }
    if (name.indexOf('\0') >= 0) {
      throw new RefusedImage("a path with a zero byte: " + shown(name));
    }
    if (normal(name)) {
      return "/" + name;
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : name.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (parts.pollLast() == null) {
            throw new RefusedImage("a path that leaves the root: " + shown(name));
          }
        }
        default -> parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  /** Whether nothing but a slash in front is missing. */
  private static boolean normal(String name) {
    int length = name.length();
    int start = 0;
    while (start <= length) {
      int end = name.indexOf('/', start);
      int stop = end < 0 ? length : end;
      int size = stop - start;
      if (size == 0
          || (size == 1 && name.charAt(start) == '.')
          || (size == 2 && name.charAt(start) == '.' && name.charAt(start + 1) == '.')) {
        return false;
      }
      start = stop + 1;
    }
    return true;
  }

  /** A name as a message may show it: one line, not too long. */
  static String shown(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 120 ? line : line.substring(0, 117) + "...";
  }
}
