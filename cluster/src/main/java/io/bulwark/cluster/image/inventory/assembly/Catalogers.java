package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.system.ApkCataloger;
import io.bulwark.cluster.image.inventory.system.DpkgCataloger;
import io.bulwark.cluster.image.inventory.system.RpmCataloger;
import java.util.List;

/** Every cataloger there is, and the version of what they find together. */
public final class Catalogers {
  /** Raised whenever a cataloger finds more or other things: older kept results are then unread. */
  public static final String VERSION = "1";

  private static final List<Cataloger> ALL =
      List.of(new DpkgCataloger(), new ApkCataloger(), new RpmCataloger());

  private Catalogers() {}

  /** All of them. More than one may read the same file. */
  public static List<Cataloger> all() {
    return ALL;
  }
}
