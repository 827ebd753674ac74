package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * RPM packages, from a database in any of its three forms on disk; which one, its first bytes say.
 * Public keys, which rpm keeps among the packages, are none. Memory: the size of the database, at
 * most 256 MiB.
 */
public final class RpmCataloger implements Cataloger {
  private static final int LARGEST = 256 << 20;
  private static final Set<String> DIRECTORIES =
      Set.of("/var/lib/rpm/", "/usr/lib/sysimage/rpm/", "/usr/share/rpm/");
  private static final Set<String> NAMES = Set.of("Packages", "Packages.db", "rpmdb.sqlite");

  @Override
  public boolean reads(String path) {
    int slash = path.lastIndexOf('/');
    return NAMES.contains(path.substring(slash + 1))
        && DIRECTORIES.contains(path.substring(0, slash + 1));
  }

  @Override
  public boolean needsDistribution() {
    return true;
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    if (file.size() > LARGEST) {
      throw new IOException("a package database larger than " + LARGEST + " bytes");
    }
    byte[] database;
    try (InputStream in = file.open()) {
      database = in.readNBytes((int) file.size());
    }
    Found found = new Found();
    PackageHeaders sink = header -> found.add(component(RpmHeader.parse(header), file));
    if (SqliteTable.recognizes(database)) {
      new SqliteTable(database).blobs("Packages", 1, sink);
    } else if (NdbPackages.recognizes(database)) {
      NdbPackages.read(database, sink);
    } else if (BerkeleyHash.recognizes(database)) {
      new BerkeleyHash(database).values(sink);
    } else if (database.length > 0) {
      throw new IOException("no package database of rpm in any known form");
    }
    return found.list();
  }

  private static @Nullable Component component(RpmHeader header, ImageFile file)
      throws IOException {
    String name = header.text(RpmHeader.NAME);
    String version = header.text(RpmHeader.VERSION);
    String release = header.text(RpmHeader.RELEASE);
    if (name.isBlank() || version.isBlank() || name.equals("gpg-pubkey")) {
      return null;
    }
    long epoch = header.number(RpmHeader.EPOCH);
    String full = release.isEmpty() ? version : version + "-" + release;
    String purl =
        Release.purl(
            "rpm",
            name,
            full,
            file.distribution(),
            Map.of(
                "arch",
                header.text(RpmHeader.ARCH),
                "epoch",
                epoch > 0 ? Long.toString(epoch) : "",
                "rpmmod",
                header.text(RpmHeader.MODULARITY_LABEL),
                "upstream",
                header.text(RpmHeader.SOURCE_RPM)));
    return new Component(
        name,
        epoch > 0 ? epoch + ":" + full : full,
        Release.ecosystem(file.distribution()),
        purl,
        file.path(),
        source(header.text(RpmHeader.SOURCE_RPM), epoch),
        TellingPackages.kind(name));
  }

  /** The package's own epoch is its source's too, unless a spec file says otherwise. */
  private static @Nullable SourcePackage source(String file, long epoch) {
    String bare = file.replaceFirst("\\.(no)?src\\.rpm$", "");
    int release = bare.lastIndexOf('-');
    int version = release < 0 ? -1 : bare.lastIndexOf('-', release - 1);
    if (version <= 0) {
      return null;
    }
    String full = bare.substring(version + 1);
    return new SourcePackage(bare.substring(0, version), epoch > 0 ? epoch + ":" + full : full);
  }
}
