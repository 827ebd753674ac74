package io.bulwark.cluster.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mounts that this process sees.
 *
 * <p>Source: proc_pid_mountinfo(5).
 */
public final class MountPoints {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

  private MountPoints() {}

  /** Where something is mounted at and below a directory, outermost first. */
  public static List<String> below(Path directory) throws IOException {
    return below(directory, new String(Files.readAllBytes(TABLE), StandardCharsets.UTF_8));
  }

  static List<String> below(Path directory, String table) {
    List<String> points = new ArrayList<>();
    table
        .lines()
        .forEach(
            line -> {
              String point = plain(line.split(" ", 6)[4]);
              if (point.equals(directory.toString()) || point.startsWith(directory + "/")) {
                points.add(point);
              }
            });
    return points;
  }

  /** White space and backslashes are written as three octal digits. */
  private static String plain(String escaped) {
    return ESCAPED
        .matcher(escaped)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 8))));
  }

  /** Takes away what is mounted strictly below a directory, innermost first, busy or not. */
  public static void detachBelow(Path directory) throws IOException, InterruptedException {
    for (String point : below(directory).reversed()) {
      if (!point.equals(directory.toString())) {
        new ProcessBuilder("umount", "-l", point).inheritIO().start().waitFor();
      }
    }
  }
}
