package io.bulwark.cluster.image.inventory.language;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The central directory of a zip archive: where its entries are, so that only those of interest are
 * read.
 *
 * <p>Source: PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_SIZE = 22;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final int LONGEST_COMMENT = 0xffff;

  /** In bytes; a larger one is not read. */
  static final int LARGEST = 24 << 20;

  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED = 1;

  /** Where an entry's local header is, and how its content is kept. */
  record Entry(String name, int method, long compressed, long header) {
    boolean stored() {
      return method == STORED;
    }
  }

  private final Window window;
  private final List<Entry> entries = new ArrayList<>();

  private ZipDirectory(Window window) {
    this.window = window;
  }

  /** The directory of an archive; null if it has none that is plain enough to be relied on. */
  static @Nullable ZipDirectory read(Window window) throws IOException {
    ByteBuffer end = end(window);
    if (end == null) {
      return null;
    }
    int count = end.getShort(10) & 0xffff;
    long size = end.getInt(12) & 0xffffffffL;
    long stated = end.getInt(16) & 0xffffffffL;
    long start = end.getLong(END_SIZE) - size;
    long preamble = start - stated;
    if (count == 0xffff || stated == 0xffffffffL || size > LARGEST || preamble < 0 || start < 0) {
      return null;
    }
    ZipDirectory directory = new ZipDirectory(window);
    byte[] bytes = window.read(start, (int) size);
    return directory.fill(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), preamble)
        ? directory
        : null;
  }

  /** In the order of the directory. */
  List<Entry> entries() {
    return entries;
  }

  /** An entry's content as it is stored, without decompressing it. */
  Window raw(Entry entry) throws IOException {
    ByteBuffer local =
        ByteBuffer.wrap(window.read(entry.header(), LOCAL_SIZE)).order(ByteOrder.LITTLE_ENDIAN);
    if (local.getInt(0) != LOCAL) {
      throw new IOException("an entry is not where the directory says");
    }
    long content =
        entry.header() + LOCAL_SIZE + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
    return window.part(content, entry.compressed());
  }

  /** An entry's content. The caller closes the stream. */
  InputStream open(Entry entry) throws IOException {
    InputStream raw = raw(entry).from(0);
    if (entry.stored()) {
      return raw;
    }
    return new InflaterInputStream(raw, new Inflater(true), 1 << 13) {
      @Override
      public void close() throws IOException {
        super.close();
        inf.end();
      }
    };
  }

  private boolean fill(ByteBuffer bytes, long preamble) {
    int at = 0;
    while (at < bytes.limit()) {
      if (bytes.limit() - at < CENTRAL_SIZE || bytes.getInt(at) != CENTRAL) {
        return false;
      }
      int flags = bytes.getShort(at + 8);
      int method = bytes.getShort(at + 10) & 0xffff;
      long compressed = bytes.getInt(at + 20) & 0xffffffffL;
      int name = bytes.getShort(at + 28) & 0xffff;
      int rest = (bytes.getShort(at + 30) & 0xffff) + (bytes.getShort(at + 32) & 0xffff);
      long header = bytes.getInt(at + 42) & 0xffffffffL;
      int next = at + CENTRAL_SIZE + name + rest;
      if (next > bytes.limit() || compressed == 0xffffffffL || header == 0xffffffffL) {
        return false;
      }
      if ((flags & ENCRYPTED) == 0 && (method == STORED || method == DEFLATED)) {
        String text = new String(bytes.array(), at + CENTRAL_SIZE, name, StandardCharsets.UTF_8);
        entries.add(new Entry(text, method, compressed, preamble + header));
      }
      at = next;
    }
    return true;
  }

  /** The end record with the offset at which it stands put behind it; null if there is none. */
  private static @Nullable ByteBuffer end(Window window) throws IOException {
    long size = window.size();
    if (size < END_SIZE) {
      return null;
    }
    ByteBuffer plain = end(window.read(size - END_SIZE, END_SIZE), size - END_SIZE);
    if (plain != null) {
      return plain;
    }
    int length = (int) Math.min(size, END_SIZE + LONGEST_COMMENT);
    return end(window.read(size - length, length), size - length);
  }

  private static @Nullable ByteBuffer end(byte[] tail, long offset) {
    ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = tail.length - END_SIZE; at >= 0; at--) {
      if (bytes.getInt(at) == END
          && at + END_SIZE + (bytes.getShort(at + 20) & 0xffff) == tail.length) {
        return ByteBuffer.allocate(END_SIZE + Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(tail, at, END_SIZE)
            .putLong(offset + at);
      }
    }
    return null;
  }
}
