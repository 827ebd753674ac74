package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Distribution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The file in which a distribution names itself.
 *
 * <p>Source: os-release(5).
 */
final class OsRelease {
  private static final int LARGEST = 1 << 16;

  private OsRelease() {}

  static boolean reads(String path) {
    return path.equals("/etc/os-release") || path.equals("/usr/lib/os-release");
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
