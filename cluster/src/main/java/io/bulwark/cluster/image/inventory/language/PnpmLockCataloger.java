package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What pnpm's lock files declare: the keys of {@code packages}, which are {@code /name/version},
 * {@code /name@version} or {@code name@version} as the format grew older. Development dependencies
 * are left out where the file marks them, which newer forms do not.
 */
final class PnpmLockCataloger implements Cataloger {
  private static final int LARGEST = 64 << 20;

  @Override
  public boolean reads(String path) {
    return path.endsWith("/pnpm-lock.yaml") && NpmLibrary.ownLock(path);
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    Set<Component> found = new LinkedHashSet<>();
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
        last = component(line.strip(), file.path());
        if (last != null) {
          found.add(last);
        }
      } else if (packages && last != null && line.strip().equals("dev: true")) {
        found.remove(last);
      }
    }
    return new ArrayList<>(found);
  }

  private static @Nullable Component component(String line, String path) {
    int colon = line.lastIndexOf(':');
    String key = (colon < 0 ? line : line.substring(0, colon)).replace("'", "").replace("\"", "");
    int peers = key.indexOf('(');
    key = peers < 0 ? key : key.substring(0, peers);
    boolean slash = key.startsWith("/");
    key = slash ? key.substring(1) : key;
    int at = key.lastIndexOf('@');
    if (at > 0 && Words.plain(key)) {
      return NpmLibrary.of(key.substring(0, at), key.substring(at + 1), path);
    }
    int last = key.lastIndexOf('/');
    if (!slash || last <= 0) {
      return null;
    }
    String version = key.substring(last + 1);
    int underscore = version.indexOf('_');
    return NpmLibrary.of(
        key.substring(0, last), underscore < 0 ? version : version.substring(0, underscore), path);
  }
}
