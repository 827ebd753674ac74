package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Alpine's packages and those of its relatives, each with the package that it was built from.
 *
 * <p>Source: Alpine wiki, "Apk spec", section "Installed Database V2".
 */
public final class ApkCataloger implements Cataloger {
  private static final Set<String> FIELDS = Set.of("P", "V", "A", "o");

  @Override
  public boolean reads(String path) {
    return path.equals("/lib/apk/db/installed") || path.equals("/usr/lib/apk/db/installed");
  }

  @Override
  public boolean needsDistribution() {
    return true;
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    return TextDatabase.read(
        file, FIELDS, "P", "V", (name, version, fields) -> component(name, version, fields, file));
  }

  private static Component component(
      String name, String version, Map<String, String> fields, ImageFile file) throws IOException {
    String architecture = fields.getOrDefault("A", "");
    return new Component(
        name,
        version,
        Release.ecosystem(file.distribution()),
        Release.purl("apk", name, version, file.distribution(), Map.of("arch", architecture)),
        file.path(),
        new SourcePackage(fields.getOrDefault("o", name), version),
        TellingPackages.kind(name));
  }
}
