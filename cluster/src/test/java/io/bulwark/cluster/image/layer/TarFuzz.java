package io.bulwark.cluster.image.layer;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Reads whatever bytes as a tar archive, to its end. */
public final class TarFuzz {
  private TarFuzz() {}

  public static void read(byte[] input) throws IOException {
    TarReader tar = new TarReader(new ByteArrayInputStream(input), 10_000);
    for (var member = tar.next(); member != null; member = tar.next()) {
      tar.content().readAllBytes();
    }
  }
}
