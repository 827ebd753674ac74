package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.language.Executable.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sections of a Windows program.
 *
 * <p>Source: Microsoft's PE format.
 */
final class PeSections {
  private static final int SECTION = 40;
  private static final int WRITABLE = 0x80000000;

  private PeSections() {}

  static @Nullable Executable read(Window file, byte[] start) throws IOException {
    long at = little(start).getInt(60) & 0xffffffffL;
    if (at > file.size() - 64) {
      return null;
    }
    ByteBuffer header = little(file.read(at, 64));
    if (header.getInt(0) != 0x4550) {
      return null;
    }
    int count = Math.min(header.getShort(6) & 0xffff, Executable.MOST_SECTIONS);
    int optional = header.getShort(20) & 0xffff;
    boolean wide = header.getShort(24) == 0x20b;
    long base = wide ? header.getLong(48) : header.getInt(52) & 0xffffffffL;
    ByteBuffer table = little(file.read(at + 24 + optional, count * SECTION));
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int row = i * SECTION;
      String name = new String(table.array(), row, 8, StandardCharsets.ISO_8859_1);
      int end = name.indexOf('\0');
      sections.add(
          new Section(
              end < 0 ? name : name.substring(0, end),
              base + (table.getInt(row + 12) & 0xffffffffL),
              table.getInt(row + 20) & 0xffffffffL,
              table.getInt(row + 16) & 0xffffffffL,
              (table.getInt(row + 36) & WRITABLE) != 0));
    }
    return new Executable(file, ByteOrder.LITTLE_ENDIAN, wide, sections);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
