package io.bulwark.cluster.image.inventory.system;

import java.io.IOException;

/** Is given the header of each package of a database. */
@FunctionalInterface
interface PackageHeaders {
  void header(byte[] header) throws IOException;
}
