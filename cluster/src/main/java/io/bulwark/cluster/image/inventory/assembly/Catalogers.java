package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.language.ArchiveDigests;
import io.bulwark.cluster.image.inventory.language.LanguageCatalogers;
import io.bulwark.cluster.image.inventory.system.ApkCataloger;
import io.bulwark.cluster.image.inventory.system.DpkgCataloger;
import io.bulwark.cluster.image.inventory.system.RpmCataloger;
import java.util.List;
import java.util.stream.Stream;

/** Every cataloger there is, and the version of what they find together. */
public final class Catalogers {
  /** Raised whenever a cataloger finds more or other things: older kept results are then unread. */
  public static final String VERSION = "4";

  private Catalogers() {}

  /**
   * All of them. More than one may read the same file.
   *
   * @param digests asked about Java archives that carry no metadata
   */
  public static List<Cataloger> all(ArchiveDigests digests) {
    return Stream.concat(
            Stream.of(new DpkgCataloger(), new ApkCataloger(), new RpmCataloger()),
            LanguageCatalogers.all(digests).stream())
        .toList();
  }
}
