package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.io.InputStream;

/** Whole contents, unless they are larger than anything honest. */
final class Bounded {
  private Bounded() {}

  static byte[] read(ImageFile file, int most) throws IOException {
    if (file.size() > most) {
      throw new IOException("larger than " + most + " bytes");
    }
    try (InputStream in = file.open()) {
      return read(in, most);
    }
  }

  /** Does not close the input. */
  static byte[] read(InputStream in, int most) throws IOException {
    byte[] bytes = in.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new IOException("larger than " + most + " bytes");
    }
    return bytes;
  }

  /** The first bytes, and no failure where there are more. Does not close the input. */
  static byte[] start(InputStream in, int most) throws IOException {
    return in.readNBytes(most);
  }
}
