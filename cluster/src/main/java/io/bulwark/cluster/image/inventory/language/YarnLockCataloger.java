package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What Yarn's lock files declare, in the form of Yarn 1 and in that of its successors. Neither says
 * which packages only development needs.
 */
final class YarnLockCataloger implements Cataloger {
  private static final int LARGEST = 64 << 20;

  @Override
  public boolean reads(String path) {
    return path.endsWith("/yarn.lock") && NpmLibrary.ownLock(path);
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    Found found = new Found();
    String[] entry = {"", "", ""};
    new String(Bounded.read(file, LARGEST), StandardCharsets.UTF_8)
        .lines()
        .forEach(
            line -> {
              if (line.isBlank() || line.startsWith("#")) {
                return;
              }
              if (line.charAt(0) != ' ') {
                finish(entry, file.path(), found);
                entry[0] = first(line);
              } else if (line.startsWith("  version")) {
                entry[1] = value(line, "  version");
              } else if (line.startsWith("  resolution:")) {
                entry[2] = value(line, "  resolution");
              }
            });
    finish(entry, file.path(), found);
    return found.list();
  }

  private static void finish(String[] entry, String path, Found found) {
    String name = entry[2].isEmpty() ? named(entry[0]) : resolved(entry[2]);
    found.add(NpmLibrary.of(name, entry[1], path));
    entry[0] = "";
    entry[1] = "";
    entry[2] = "";
  }

  /** The first of the ranges that an entry answers: {@code name@range}. */
  private static String first(String line) {
    String text = line.strip();
    text = text.endsWith(":") ? text.substring(0, text.length() - 1) : text;
    text = text.replace("\"", "");
    int comma = text.indexOf(", ");
    return comma < 0 ? text : text.substring(0, comma);
  }

  /** The name before a range; a range may name another package: {@code alias@npm:name@range}. */
  private static String named(String descriptor) {
    int at = descriptor.indexOf('@', 1);
    if (at < 0) {
      return "";
    }
    String range = descriptor.substring(at + 1);
    if (range.startsWith("npm:")) {
      int other = range.indexOf('@', 5);
      if (other > 0) {
        return range.substring(4, other);
      }
    }
    return descriptor.substring(0, at);
  }

  /** The name of a resolution that comes from a registry; empty for any other. */
  private static String resolved(String resolution) {
    int at = resolution.indexOf('@', 1);
    if (at < 0) {
      return "";
    }
    String from = resolution.substring(at + 1);
    return from.startsWith("npm:") || from.startsWith("patch:") ? resolution.substring(0, at) : "";
  }

  private static String value(String line, String key) {
    String value = line.substring(key.length()).strip();
    value = value.startsWith(":") ? value.substring(1).strip() : value;
    return value.replace("\"", "");
  }
}
