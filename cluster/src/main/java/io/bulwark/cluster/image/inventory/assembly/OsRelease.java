package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Distribution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files in which a distribution names itself: os-release, or those that were there before it.
 *
 * <p>Source: os-release(5).
 */
final class OsRelease {
  private static final int LARGEST = 1 << 16;

  /** Best first. The last ones are alike: no distribution has two of them that differ. */
  private static final List<String> PATHS =
      List.of(
          "/etc/os-release",
          "/usr/lib/os-release",
          "/etc/alpine-release",
          "/etc/centos-release",
          "/etc/rocky-release",
          "/etc/almalinux-release",
          "/etc/oracle-release",
          "/etc/redhat-release",
          "/etc/debian_version");

  private static final int OLD = 2;

  /** One more than the worst rank. */
  static final int RANKS = PATHS.size();

  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  private OsRelease() {}

  static boolean reads(String path) {
    return path.length() < 32 && PATHS.contains(path);
  }

  /** How much the file at a path is believed; 0 most. */
  static int rank(String path) {
    int rank = PATHS.indexOf(path);
    return rank < 0 ? RANKS : rank;
  }

  /**
   * Whether a file of this rank only counts where no os-release is found, in lower layers either.
   */
  static boolean old(int rank) {
    return rank >= OLD;
  }

  /** What a file says; {@link Distribution#UNKNOWN} if that is nothing. */
  static Distribution read(String path, InputStream in) throws IOException {
    return old(rank(path)) ? old(path, in) : read(in);
  }

  /** {@code 12.5}, {@code trixie/sid}, {@code 3.18.4}, {@code CentOS release 6.10 (Final)}. */
  private static Distribution old(String path, InputStream in) throws IOException {
    String text = new String(in.readNBytes(256), StandardCharsets.UTF_8).strip();
    String line = text.lines().findFirst().orElse("");
    Matcher number = NUMBER.matcher(line);
    String version = number.find() ? number.group() : "";
    return switch (path) {
      case "/etc/debian_version" -> {
        int slash = line.indexOf('/');
        String codename = slash < 0 ? line : line.substring(0, slash);
        String named = version.isEmpty() ? debianRelease(codename) : version;
        yield new Distribution("debian", named, "Debian GNU/Linux " + line);
      }
      case "/etc/alpine-release" -> new Distribution("alpine", version, "Alpine Linux " + line);
      default -> {
        String id = redHat(line);
        yield id.isEmpty() || version.isEmpty()
            ? Distribution.UNKNOWN
            : new Distribution(id, version, line);
      }
    };
  }

  private static String redHat(String line) {
    if (line.startsWith("CentOS")) {
      return "centos";
    }
    if (line.startsWith("Rocky")) {
      return "rocky";
    }
    if (line.startsWith("AlmaLinux")) {
      return "almalinux";
    }
    if (line.startsWith("Fedora")) {
      return "fedora";
    }
    return line.startsWith("Oracle") ? "ol" : line.startsWith("Red Hat") ? "rhel" : "";
  }

  static Distribution read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw new IOException("larger than " + LARGEST + " bytes");
    }
    Map<String, String> values = new HashMap<>();
    new String(bytes, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("#") && line.indexOf('=') > 0)
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              values.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
            });
    String id = values.getOrDefault("ID", "linux").toLowerCase(Locale.ROOT);
    String version = values.getOrDefault("VERSION_ID", "");
    if (version.isEmpty() && id.equals("debian")) {
      version = debianRelease(values.getOrDefault("VERSION_CODENAME", ""));
    }
    return new Distribution(id, version, values.getOrDefault("PRETTY_NAME", ""));
  }

  /** Debian names the version of a release only once it is out. */
  private static String debianRelease(String codename) {
    return switch (codename) {
      case "bookworm" -> "12";
      case "trixie" -> "13";
      case "forky" -> "14";
      case "duke" -> "15";
      default -> "";
    };
  }

  private static String unquoted(String value) {
    if (value.length() < 2) {
      return value;
    }
    char quote = value.charAt(0);
    boolean quoted = (quote == '"' || quote == '\'') && value.charAt(value.length() - 1) == quote;
    if (!quoted) {
      return value;
    }
    String inner = value.substring(1, value.length() - 1);
    return quote == '\'' ? inner : inner.replaceAll("\\\\([\"$`\\\\])", "$1");
  }
}
