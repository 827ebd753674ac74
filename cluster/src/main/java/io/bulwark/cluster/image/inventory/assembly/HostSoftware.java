package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.ImageFile;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.LayerRole;
import io.bulwark.cluster.image.inventory.system.ApkCataloger;
import io.bulwark.cluster.image.inventory.system.DpkgCataloger;
import io.bulwark.cluster.image.inventory.system.Release;
import io.bulwark.cluster.image.inventory.system.RpmCataloger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The distribution of a machine and the packages that its package database lists: the same reading
 * as for images, of a few files only. Immutable.
 */
public record HostSoftware(Distribution distribution, List<Component> packages) {
  private static final List<String> DATABASES =
      List.of(
          "/var/lib/dpkg/status",
          "/lib/apk/db/installed",
          "/var/lib/rpm/rpmdb.sqlite",
          "/var/lib/rpm/Packages.db",
          "/var/lib/rpm/Packages",
          "/usr/lib/sysimage/rpm/rpmdb.sqlite",
          "/usr/lib/sysimage/rpm/Packages.db");
  private static final List<Cataloger> CATALOGERS =
      List.of(new DpkgCataloger(), new ApkCataloger(), new RpmCataloger());

  /** Copies the list. */
  public HostSoftware {
    packages = List.copyOf(packages);
  }

  /**
   * Reads a machine.
   *
   * @param root the root of its file system
   * @throws IOException if a package database is there but cannot be read
   */
  public static HostSoftware read(Path root) throws IOException {
    Distribution distribution = distribution(root);
    List<Component> packages = new ArrayList<>();
    for (String path : DATABASES) {
      Path file = root.resolve(path.substring(1));
      if (Files.isRegularFile(file)) {
        HostFile database = new HostFile(path, file, distribution);
        for (Cataloger cataloger : CATALOGERS) {
          if (cataloger.reads(path)) {
            packages.addAll(cataloger.catalog(database));
          }
        }
      }
    }
    return new HostSoftware(distribution, packages);
  }

  /**
   * A package as a component, from what a node told of it.
   *
   * @throws IOException if the name cannot be written in a package URL
   */
  public static Component component(
      Distribution distribution, String name, String version, SourcePackage source)
      throws IOException {
    String type = Release.packageType(distribution);
    return new Component(
        name,
        version,
        Release.ecosystem(distribution),
        Release.purl(type, name, version, distribution, Map.of()),
        DATABASES.getFirst(),
        source,
        Component.Kind.DISTRIBUTION);
  }

  /** The packages as the one layer of an image that is called like the machine. */
  public Inventory inventory(String machine) {
    return new Inventory(
        machine,
        null,
        distribution,
        null,
        List.of(new Inventory.Layer("", 0, LayerRole.DISTRIBUTION, "")),
        packages.stream().map(component -> new Inventory.Located(component, 0)).toList(),
        List.of());
  }

  /**
   * What the machine's os-release says.
   *
   * @throws IOException if it is there but cannot be read
   */
  public static Distribution distribution(Path root) throws IOException {
    for (String path : List.of("etc/os-release", "usr/lib/os-release")) {
      Path file = root.resolve(path);
      if (Files.isRegularFile(file)) {
        try (InputStream in = Files.newInputStream(file)) {
          return OsRelease.read(in);
        }
      }
    }
    return Distribution.UNKNOWN;
  }

  private record HostFile(String path, Path file, Distribution distribution) implements ImageFile {
    @Override
    public long size() {
      try {
        return Files.size(file);
      } catch (IOException gone) {
        return 0;
      }
    }

    @Override
    public boolean executable() {
      return false;
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }
}
