package io.bulwark.cluster.image.inventory.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Reads one table of an SQLite database without running SQLite on a file that nobody vouches for.
 * What lies only in a write-ahead log is not seen. Each page is visited at most once and rows do
 * not overlap, so that no file makes it run for long. Not safe for concurrent use.
 *
 * <p>Source: sqlite.org, "Database File Format".
 */
final class SqliteTable {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int INTERIOR = 5;
  private static final int LEAF = 13;
  private static final int LARGEST_ROW = 64 << 20;

  private final byte[] file;
  private final ByteBuffer in;
  private final int pageSize;
  private final int usable;
  private final int pages;
  private long given;
  private int at;

  private interface Rows {
    void row(byte[] payload) throws IOException;
  }

  /**
   * @throws IOException if the header is damaged
   */
  SqliteTable(byte[] file) throws IOException {
    this.file = file;
    this.in = ByteBuffer.wrap(file);
    int size = in.getShort(16) & 0xFFFF;
    this.pageSize = size == 1 ? 65_536 : size;
    if (pageSize < 512 || Integer.bitCount(pageSize) != 1) {
      throw new IOException("an SQLite file with pages of " + pageSize + " bytes");
    }
    this.usable = pageSize - (file[20] & 0xFF);
    this.pages = file.length / pageSize;
    if (usable < 480 || pages < 1) {
      throw new IOException("an SQLite file that is cut off");
    }
  }

  static boolean recognizes(byte[] file) {
    return file.length >= 100
        && java.util.Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * The blobs in one column of a table, in the order of rows.
   *
   * @param column counted from 0
   * @throws IOException if the file is damaged
   */
  void blobs(String table, int column, PackageHeaders sink) throws IOException {
    int[] root = {0};
    BitSet seen = new BitSet();
    walk(
        1,
        seen,
        row -> {
          if (text(row, 0).equals("table") && text(row, 1).equalsIgnoreCase(table)) {
            root[0] = (int) number(row, 3);
          }
        });
    if (root[0] == 0) {
      throw new IOException("an SQLite file without a table " + table);
    }
    walk(
        root[0],
        seen,
        row -> {
          Field field = field(row, column);
          if (field.type >= 12 && field.type % 2 == 0) {
            sink.header(java.util.Arrays.copyOfRange(row, field.start, field.end));
          }
        });
  }

  private void walk(int root, BitSet seen, Rows rows) throws IOException {
    Deque<Integer> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      int page = open.pop();
      visit(page, seen);
      int start = (page - 1) * pageSize;
      int header = page == 1 ? 100 : start;
      int type = file[header] & 0xFF;
      int cells = in.getShort(header + 3) & 0xFFFF;
      int pointers = header + (type == INTERIOR ? 12 : 8);
      if ((type != INTERIOR && type != LEAF) || pointers + 2 * cells > start + pageSize) {
        throw new IOException("an SQLite file whose page " + page + " is damaged");
      }
      if (type == INTERIOR) {
        open.push(in.getInt(header + 8));
      }
      for (int cell = type == INTERIOR ? cells - 1 : 0;
          type == INTERIOR ? cell >= 0 : cell < cells;
          cell += type == INTERIOR ? -1 : 1) {
        int offset = in.getShort(pointers + 2 * cell) & 0xFFFF;
        if (offset + 4 > pageSize) {
          throw new IOException("an SQLite file whose page " + page + " is damaged");
        }
        if (type == INTERIOR) {
          open.push(in.getInt(start + offset));
        } else {
          rows.row(payload(start + offset, start + usable, seen));
        }
      }
    }
  }

  private void visit(int page, BitSet seen) throws IOException {
    if (page < 1 || page > pages || seen.get(page)) {
      throw new IOException("an SQLite file whose pages do not form a tree");
    }
    seen.set(page);
  }

  private byte[] payload(int cell, int pageEnd, BitSet seen) throws IOException {
    at = cell;
    long size = varint(file, pageEnd);
    varint(file, pageEnd);
    if (size < 0 || size > Math.min(LARGEST_ROW, file.length)) {
      throw new IOException("an SQLite file with a row of " + size + " bytes");
    }
    given += size;
    if (given > file.length) {
      throw new IOException("an SQLite file whose rows overlap");
    }
    int local = local((int) size);
    byte[] row = new byte[(int) size];
    if (at + local > pageEnd) {
      throw new IOException("an SQLite file whose row leaves its page");
    }
    System.arraycopy(file, at, row, 0, local);
    int copied = local;
    if (copied < size) {
      if (at + local + 4 > pageEnd) {
        throw new IOException("an SQLite file whose row leaves its page");
      }
      int next = in.getInt(at + local);
      while (copied < size) {
        visit(next, seen);
        int start = (next - 1) * pageSize;
        int count = Math.min(row.length - copied, usable - 4);
        System.arraycopy(file, start + 4, row, copied, count);
        copied += count;
        next = in.getInt(start);
      }
    }
    return row;
  }

  /** How much of a row lies on its own page. */
  private int local(int size) {
    int most = usable - 35;
    if (size <= most) {
      return size;
    }
    int least = (usable - 12) * 32 / 255 - 23;
    int rest = least + (size - least) % (usable - 4);
    return rest <= most ? rest : least;
  }

  private long varint(byte[] bytes, int end) throws IOException {
    long value = 0;
    for (int i = 0; i < 9; i++) {
      if (at >= end) {
        throw new IOException("an SQLite file with a number that is cut off");
      }
      int next = bytes[at++];
      if (i == 8) {
        return (value << 8) | (next & 0xFF);
      }
      value = (value << 7) | (next & 0x7F);
      if (next >= 0) {
        return value;
      }
    }
    return value;
  }

  private record Field(long type, int start, int end) {}

  private Field field(byte[] row, int column) throws IOException {
    at = 0;
    long header = varint(row, row.length);
    long start = header;
    for (int i = 0; at < header; i++) {
      long type = varint(row, row.length);
      long end = start + width(type);
      if (end > row.length || end < start) {
        break;
      }
      if (i == column) {
        return new Field(type, (int) start, (int) end);
      }
      start = end;
    }
    throw new IOException("an SQLite file whose row lacks column " + column);
  }

  private static long width(long type) throws IOException {
    if (type < 0) {
      throw new IOException("an SQLite file with a damaged row");
    }
    return switch ((int) Math.min(type, 12)) {
      case 0, 8, 9, 10, 11 -> 0;
      case 1, 2, 3, 4 -> type;
      case 5 -> 6;
      case 6, 7 -> 8;
      default -> (type - 12) / 2;
    };
  }

  private String text(byte[] row, int column) throws IOException {
    Field field = field(row, column);
    return field.type < 13 || field.type % 2 == 0
        ? ""
        : new String(row, field.start, field.end - field.start, StandardCharsets.UTF_8);
  }

  private long number(byte[] row, int column) throws IOException {
    Field field = field(row, column);
    if (field.type == 9) {
      return 1;
    }
    long value = 0;
    for (int i = field.start; field.type <= 6 && i < field.end; i++) {
      value = (value << 8) | (row[i] & 0xFF);
    }
    return value;
  }
}
