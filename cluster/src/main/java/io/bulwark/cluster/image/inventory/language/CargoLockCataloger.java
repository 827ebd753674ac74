package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/** What {@code Cargo.lock} declares of registries; a workspace's own crates have no source. */
final class CargoLockCataloger implements Cataloger {
  private static final int LARGEST = 16 << 20;

  @Override
  public boolean reads(String path) {
    return path.endsWith("/Cargo.lock");
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    Found found = new Found();
    String name = "";
    String version = "";
    String source = "";
    Iterator<String> lines =
        new String(Bounded.read(file, LARGEST), StandardCharsets.UTF_8).lines().iterator();
    while (lines.hasNext()) {
      String line = lines.next().strip();
      if (line.startsWith("[")) {
        add(name, version, source, file.path(), found);
        name = "";
        version = "";
        source = "";
      } else if (line.startsWith("name = ")) {
        name = unquoted(line);
      } else if (line.startsWith("version = ")) {
        version = unquoted(line);
      } else if (line.startsWith("source = ")) {
        source = unquoted(line);
      }
    }
    add(name, version, source, file.path(), found);
    return found.list();
  }

  private static void add(String name, String version, String source, String path, Found found) {
    if (source.startsWith("registry+") || source.startsWith("sparse+")) {
      found.add(RustCrate.of(name, version, path));
    }
  }

  private static String unquoted(String line) {
    String value = line.substring(line.indexOf('=') + 1).strip();
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : "";
  }
}
