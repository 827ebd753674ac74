package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.language.Executable.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * ELF's section headers, or its segments where the headers were stripped.
 *
 * <p>Source: the System V ABI, chapters 4 and 5.
 */
final class ElfSections {
  private static final int LARGEST_TABLE = 4 << 20;
  private static final int NO_BITS = 8;
  private static final int LOAD = 1;

  private ElfSections() {}

  static Executable read(Window file, byte[] start) throws IOException {
    boolean wide = start[4] == 2;
    ByteOrder order = start[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer header = ByteBuffer.wrap(start).order(order);
    List<Section> sections = sections(file, header, wide, order);
    sections.addAll(segments(file, header, wide, order));
    return new Executable(file, order, wide, sections);
  }

  private static List<Section> sections(
      Window file, ByteBuffer header, boolean wide, ByteOrder order) throws IOException {
    List<Section> found = new ArrayList<>();
    long offset = word(header, wide ? 40 : 32, wide);
    int each = header.getShort(wide ? 58 : 46) & 0xffff;
    int count = header.getShort(wide ? 60 : 48) & 0xffff;
    int names = header.getShort(wide ? 62 : 50) & 0xffff;
    if (offset == 0 || count == 0 || each < (wide ? 64 : 40) || names >= count) {
      return found;
    }
    int most = Math.min(count, Executable.MOST_SECTIONS);
    ByteBuffer table = ByteBuffer.wrap(file.read(offset, most * each)).order(order);
    if (names >= most) {
      return found;
    }
    byte[] text = names(file, table, names * each, wide);
    for (int i = 0; i < most; i++) {
      int at = i * each;
      if (table.getInt(at + 4) != NO_BITS) {
        long flags = word(table, at + 8, wide);
        found.add(
            new Section(
                name(text, table.getInt(at)),
                word(table, at + (wide ? 16 : 12), wide),
                word(table, at + (wide ? 24 : 16), wide),
                word(table, at + (wide ? 32 : 20), wide),
                (flags & 1) != 0));
      }
    }
    return found;
  }

  private static List<Section> segments(
      Window file, ByteBuffer header, boolean wide, ByteOrder order) throws IOException {
    List<Section> found = new ArrayList<>();
    long offset = word(header, wide ? 32 : 28, wide);
    int each = header.getShort(wide ? 54 : 42) & 0xffff;
    int count = header.getShort(wide ? 56 : 44) & 0xffff;
    if (offset == 0 || count == 0 || each < (wide ? 56 : 32)) {
      return found;
    }
    int most = Math.min(count, Executable.MOST_SECTIONS);
    ByteBuffer table = ByteBuffer.wrap(file.read(offset, most * each)).order(order);
    for (int i = 0; i < most; i++) {
      int at = i * each;
      if (table.getInt(at) == LOAD) {
        int flags = table.getInt(at + (wide ? 4 : 24));
        found.add(
            new Section(
                "",
                word(table, at + (wide ? 16 : 8), wide),
                word(table, at + (wide ? 8 : 4), wide),
                word(table, at + (wide ? 32 : 16), wide),
                (flags & 2) != 0));
      }
    }
    return found;
  }

  private static byte[] names(Window file, ByteBuffer table, int at, boolean wide)
      throws IOException {
    long size = word(table, at + (wide ? 32 : 20), wide);
    return file.read(
        word(table, at + (wide ? 24 : 16), wide), (int) Math.clamp(size, 0, LARGEST_TABLE));
  }

  private static String name(byte[] text, int start) {
    if (start < 0 || start >= text.length) {
      return "";
    }
    int end = start;
    while (end < text.length && text[end] != 0 && end - start < 64) {
      end++;
    }
    return new String(text, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static long word(ByteBuffer bytes, int at, boolean wide) {
    return wide ? bytes.getLong(at) : bytes.getInt(at) & 0xffffffffL;
  }
}
