package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Debian's packages, from dpkg's one status file or from a directory with one file a package, as
 * distroless images have it. Packages that were removed and left only their configuration are none.
 *
 * <p>Source: deb-control(5), dpkg(1).
 */
public final class DpkgCataloger implements Cataloger {
  private static final String STATUS = "/var/lib/dpkg/status";
  private static final String PARTS = "/var/lib/dpkg/status.d/";
  private static final Set<String> FIELDS =
      Set.of("Package", "Status", "Version", "Architecture", "Source");

  @Override
  public boolean reads(String path) {
    return path.equals(STATUS)
        || (path.startsWith(PARTS)
            && path.indexOf('/', PARTS.length()) < 0
            && !path.endsWith(".md5sums"));
  }

  @Override
  public boolean needsDistribution() {
    return true;
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    return TextDatabase.read(
        file,
        FIELDS,
        "Package",
        "Version",
        (name, version, fields) ->
            installed(fields.get("Status")) ? component(name, version, fields, file) : null);
  }

  private static boolean installed(@Nullable String status) {
    return status == null
        || (!status.endsWith(" config-files") && !status.endsWith(" not-installed"));
  }

  private static Component component(
      String name, String version, Map<String, String> fields, ImageFile file) throws IOException {
    String purl =
        Release.purl(
            "deb",
            name,
            version,
            file.distribution(),
            Map.of("arch", fields.getOrDefault("Architecture", "")));
    return new Component(
        name,
        version,
        Release.ecosystem(file.distribution()),
        purl,
        file.path(),
        source(fields.getOrDefault("Source", name), version),
        TellingPackages.kind(name));
  }

  private static SourcePackage source(String field, String version) {
    int open = field.indexOf('(');
    int close = field.indexOf(')', Math.max(open, 0));
    if (open < 0 || close < open) {
      return new SourcePackage(field.strip(), version);
    }
    return new SourcePackage(
        field.substring(0, open).strip(), field.substring(open + 1, close).strip());
  }
}
