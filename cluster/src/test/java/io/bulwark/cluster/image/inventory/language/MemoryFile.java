package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A file of an image whose content a test makes. */
record MemoryFile(String path, byte[] bytes) implements ImageFile {
  static MemoryFile of(String path, String text) {
    return new MemoryFile(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** What a cataloger that reads this file finds in it, as {@code name version}. */
  List<String> found(Cataloger cataloger) throws IOException {
    if (!cataloger.reads(path)) {
      throw new AssertionError("does not read " + path);
    }
    return cataloger.catalog(this).stream().map(MemoryFile::text).toList();
  }

  static String text(Component component) {
    return component.name() + " " + component.version();
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public boolean executable() {
    return true;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public Distribution distribution() {
    return Distribution.UNKNOWN;
  }
}
