package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.util.List;

/** Java archives, and archives inside them. */
final class ArchiveCataloger implements Cataloger {
  private final ArchiveDigests digests;

  ArchiveCataloger(ArchiveDigests digests) {
    this.digests = digests;
  }

  @Override
  public boolean reads(String path) {
    return ArchiveName.archive(path);
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    if (file.size() == 0) {
      return List.of();
    }
    try {
      return new ArchiveWalk(digests, file.size()).components(Window.of(file), file.path());
    } catch (IllegalArgumentException | ArithmeticException malformed) {
      throw new IOException("malformed archive: " + malformed.getMessage(), malformed);
    }
  }
}
