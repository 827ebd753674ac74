package io.bulwark.cluster.image.layer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The name of a file by its bytes, where the encoding of the locale cannot show it: names that
 * differ must not become the same.
 */
final class RawName {
  private RawName() {}

  /** The path below a directory, from a slash on; what is no UTF-8 is read as ISO 8859-1. */
  static String of(Path root, Path path) {
    byte[] above = bytes(root);
    byte[] whole = bytes(path);
    int start =
        above.length > 0 && above[above.length - 1] == '/' ? above.length - 1 : above.length;
    int end = whole.length > 0 && whole[whole.length - 1] == '/' ? whole.length - 1 : whole.length;
    ByteBuffer below = ByteBuffer.wrap(whole, start, end - start);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(below.duplicate()).toString();
    } catch (CharacterCodingException other) {
      return StandardCharsets.ISO_8859_1.decode(below).toString();
    }
  }

  /** An address shows every byte that is no plain letter as a percent sign and two digits. */
  private static byte[] bytes(Path path) {
    String address = path.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(address.length());
    for (int i = 0; i < address.length(); i++) {
      char each = address.charAt(i);
      if (each == '%') {
        bytes.write(Integer.parseInt(address, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(each);
      }
    }
    return bytes.toByteArray();
  }
}
