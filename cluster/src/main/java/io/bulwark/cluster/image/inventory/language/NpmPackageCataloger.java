package io.bulwark.cluster.image.inventory.language;

import com.google.re2j.Pattern;
import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Installed npm packages: the {@code package.json} at the top of each in {@code node_modules}. */
final class NpmPackageCataloger implements Cataloger {
  private static final int LARGEST = 8 << 20;
  private static final Pattern TOP =
      Pattern.compile(".*/node_modules/(@[^/]+/)?[^/@][^/]*/package\\.json");

  @Override
  public boolean reads(String path) {
    return path.endsWith("/package.json") && TOP.matches(path);
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    List<Component> found = new ArrayList<>();
    JsonWalk.document(
        Bounded.read(file, LARGEST),
        parser -> {
          Map<String, String> members = JsonWalk.scalars(parser);
          Component component =
              NpmLibrary.of(
                  members.getOrDefault("name", ""),
                  members.getOrDefault("version", ""),
                  file.path());
          if (component != null) {
            found.add(component);
          }
        });
    return found;
  }
}
