package io.bulwark.cluster.image.inventory.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * rpm's own "ndb" form: slots that point at blobs, all little-endian.
 *
 * <p>Source: rpm's lib/backend/ndb/rpmpkg.c, the layout that its comments describe.
 */
final class NdbPackages {
  private static final int FILE_MAGIC = magic("RpmP");
  private static final int SLOT_MAGIC = magic("Slot");
  private static final int BLOB_MAGIC = magic("BlbS");
  private static final int PAGE = 4096;
  private static final int UNIT = 16;

  private NdbPackages() {}

  static boolean recognizes(byte[] file) {
    return file.length >= 32 && words(file).getInt(0) == FILE_MAGIC;
  }

  /**
   * @throws IOException if the file is damaged
   */
  static void read(byte[] file, PackageHeaders sink) throws IOException {
    ByteBuffer in = words(file);
    long slots = Integer.toUnsignedLong(in.getInt(12)) * PAGE;
    if (in.getInt(4) != 0 || slots == 0 || slots > file.length) {
      throw new IOException("an ndb file that is cut off");
    }
    long given = 0;
    for (int slot = 2 * UNIT; slot < slots; slot += UNIT) {
      int index = in.getInt(slot + 4);
      if (in.getInt(slot) != SLOT_MAGIC) {
        throw new IOException("an ndb file with a damaged slot");
      }
      if (index != 0) {
        long blob = Integer.toUnsignedLong(in.getInt(slot + 8)) * UNIT;
        byte[] header = blob(in, file, blob, index);
        given += header.length;
        if (given > file.length) {
          throw new IOException("an ndb file whose slots point at the same blob");
        }
        sink.header(header);
      }
    }
  }

  private static byte[] blob(ByteBuffer in, byte[] file, long start, int index) throws IOException {
    if (start + UNIT > file.length) {
      throw new IOException("an ndb file with a slot that points outside");
    }
    int at = (int) start;
    long length = Integer.toUnsignedLong(in.getInt(at + 12));
    if (in.getInt(at) != BLOB_MAGIC
        || in.getInt(at + 4) != index
        || start + UNIT + length > file.length) {
      throw new IOException("an ndb file with a damaged blob");
    }
    return Arrays.copyOfRange(file, at + UNIT, at + UNIT + (int) length);
  }

  private static ByteBuffer words(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int magic(String word) {
    return word.charAt(0) | word.charAt(1) << 8 | word.charAt(2) << 16 | word.charAt(3) << 24;
  }
}
