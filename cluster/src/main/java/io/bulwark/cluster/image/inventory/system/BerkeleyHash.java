package io.bulwark.cluster.image.inventory.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Reads the values of a Berkeley DB hash, in either byte order, page after page without following
 * its buckets. No page of a large value is visited twice. Not safe for concurrent use.
 *
 * <p>Source: Berkeley DB 5.3's dbinc/db_page.h, the layout of pages and items.
 */
final class BerkeleyHash {
  private static final int MAGIC = 0x061561;
  private static final int PAGE_HEADER = 26;
  private static final byte HASH_UNSORTED = 2;
  private static final byte OVERFLOW = 7;
  private static final byte HASH = 13;
  private static final byte KEY_DATA = 1;
  private static final byte OFF_PAGE = 3;

  /** Smaller values are rpm's counter of packages. */
  private static final int LEAST_HEADER = 16;

  private static final int LARGEST_VALUE = 64 << 20;

  private final byte[] file;
  private final ByteBuffer in;
  private final int pageSize;
  private final int pages;
  private final BitSet followed = new BitSet();

  /**
   * @throws IOException if the first page is damaged
   */
  BerkeleyHash(byte[] file) throws IOException {
    this.file = file;
    ByteBuffer little = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.in = little.getInt(12) == MAGIC ? little : little.order(ByteOrder.BIG_ENDIAN);
    this.pageSize = in.getInt(20);
    if (pageSize < 512 || pageSize > 65_536 || Integer.bitCount(pageSize) != 1) {
      throw new IOException("a Berkeley database with pages of " + pageSize + " bytes");
    }
    if (file[24] != 0) {
      throw new IOException("a Berkeley database that is encrypted");
    }
    long last = Integer.toUnsignedLong(in.getInt(32));
    this.pages = (int) Math.min(last + 1, file.length / pageSize);
    if (last >= file.length / pageSize) {
      throw new IOException("a Berkeley database that is cut off");
    }
  }

  static boolean recognizes(byte[] file) {
    if (file.length < 512) {
      return false;
    }
    int magic = ByteBuffer.wrap(file).getInt(12);
    return magic == MAGIC || Integer.reverseBytes(magic) == MAGIC;
  }

  /**
   * Every value that is large enough for a package's header.
   *
   * @throws IOException if a page is damaged
   */
  void values(PackageHeaders sink) throws IOException {
    for (int page = 1; page < pages; page++) {
      int start = page * pageSize;
      byte type = file[start + 25];
      if (type == HASH || type == HASH_UNSORTED) {
        items(start, sink);
      }
    }
  }

  private void items(int page, PackageHeaders sink) throws IOException {
    int count = in.getShort(page + 20) & 0xFFFF;
    if (PAGE_HEADER + 2 * count > pageSize) {
      throw new IOException("a Berkeley database with a damaged page");
    }
    int before = pageSize;
    for (int item = 0; item < count; item++) {
      int offset = in.getShort(page + PAGE_HEADER + 2 * item) & 0xFFFF;
      if (offset < PAGE_HEADER + 2 * count || offset >= before) {
        throw new IOException("a Berkeley database with a damaged page");
      }
      boolean value = item % 2 == 1;
      if (value) {
        value(page + offset, page + before, sink);
      }
      before = offset;
    }
  }

  private void value(int start, int end, PackageHeaders sink) throws IOException {
    if (file[start] == KEY_DATA && end - start - 1 >= LEAST_HEADER) {
      sink.header(Arrays.copyOfRange(file, start + 1, end));
    } else if (file[start] == OFF_PAGE) {
      if (end - start < 12) {
        throw new IOException("a Berkeley database with a damaged item");
      }
      sink.header(large(in.getInt(start + 4), in.getInt(start + 8)));
    }
  }

  private byte[] large(int first, int length) throws IOException {
    if (length < 0 || length > Math.min(LARGEST_VALUE, file.length)) {
      throw new IOException("a Berkeley database with a value of " + length + " bytes");
    }
    byte[] value = new byte[length];
    int copied = 0;
    int page = first;
    while (copied < length) {
      if (page < 1 || page >= pages || followed.get(page)) {
        throw new IOException("a Berkeley database whose value leads nowhere");
      }
      followed.set(page);
      int start = page * pageSize;
      int here = in.getShort(start + 22) & 0xFFFF;
      if (file[start + 25] != OVERFLOW || here == 0 || here > pageSize - PAGE_HEADER) {
        throw new IOException("a Berkeley database with a damaged page");
      }
      int count = Math.min(here, length - copied);
      System.arraycopy(file, start + PAGE_HEADER, value, copied, count);
      copied += count;
      page = in.getInt(start + 16);
    }
    return value;
  }
}
