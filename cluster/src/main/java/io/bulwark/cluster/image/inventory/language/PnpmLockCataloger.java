package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What pnpm's lock files declare: the keys of {@code packages}, which are {@code /name/version},
 * {@code /name@version} or {@code name@version} as the format grew older; peers follow after {@code
 * _} or in parentheses. Development dependencies are left out where the file marks them, which
 * newer forms do not.
 */
final class PnpmLockCataloger implements Cataloger {
  private static final int LARGEST = 64 << 20;

  @Override
  public boolean reads(String path) {
    return path.endsWith("/pnpm-lock.yaml") && NpmLibrary.ownLock(path);
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    Found found = new Found();
    boolean packages = false;
    Component last = null;
    Iterator<String> lines =
        new String(Bounded.read(file, LARGEST), StandardCharsets.UTF_8).lines().iterator();
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.charAt(0) != ' ') {
        packages = line.stripTrailing().equals("packages:");
      } else if (packages && line.startsWith("  ") && line.charAt(2) != ' ') {
        found.add(last);
        last = component(line.strip(), file.path());
      } else if (packages && last != null && line.strip().equals("dev: true")) {
        last = null;
      }
    }
    found.add(last);
    return found.list();
  }

  private static @Nullable Component component(String line, String path) {
    int colon = line.lastIndexOf(':');
    String key = (colon < 0 ? line : line.substring(0, colon)).replace("'", "").replace("\"", "");
    int peers = key.indexOf('(');
    key = peers < 0 ? key : key.substring(0, peers);
    boolean slash = key.startsWith("/");
    key = slash ? key.substring(1) : key;
    int end = key.startsWith("@") ? key.indexOf('/') + 1 : 0;
    while (end < key.length() && key.charAt(end) != '@' && !(slash && key.charAt(end) == '/')) {
      end++;
    }
    if (end == key.length()) {
      return null;
    }
    String version = key.substring(end + 1);
    int underscore = version.indexOf('_');
    return NpmLibrary.of(
        key.substring(0, end), underscore < 0 ? version : version.substring(0, underscore), path);
  }
}
