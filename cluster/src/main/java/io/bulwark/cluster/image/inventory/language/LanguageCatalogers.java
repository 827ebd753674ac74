package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import java.util.List;

/** Every cataloger of this package. */
public final class LanguageCatalogers {
  private LanguageCatalogers() {}

  /**
   * All of them, in no particular order.
   *
   * @param digests asked about Java archives that carry no metadata
   */
  public static List<Cataloger> all(ArchiveDigests digests) {
    return List.of(
        new ArchiveCataloger(digests),
        new RuntimeCataloger(),
        new NpmPackageCataloger(),
        new NpmLockCataloger(),
        new YarnLockCataloger(),
        new PnpmLockCataloger(),
        new PythonCataloger(),
        new RequirementsCataloger(),
        new ProgramCataloger(),
        new CargoLockCataloger());
  }
}
