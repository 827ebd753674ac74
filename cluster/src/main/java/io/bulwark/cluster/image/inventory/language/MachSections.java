package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.language.Executable.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The sections of a program for macOS.
 *
 * <p>Source: Apple's mach-o/loader.h.
 */
final class MachSections {
  private static final int LARGEST_COMMANDS = 1 << 20;
  private static final int SEGMENT = 0x19;

  private MachSections() {}

  static Executable read(Window file, byte[] start) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    int count = header.getInt(16);
    int size = Math.clamp(header.getInt(20), 0, LARGEST_COMMANDS);
    ByteBuffer commands = ByteBuffer.wrap(file.read(32, size)).order(ByteOrder.LITTLE_ENDIAN);
    List<Section> sections = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < count && at + 8 <= size; i++) {
      int length = commands.getInt(at + 4);
      if (length < 8 || length > size - at) {
        break;
      }
      if (commands.getInt(at) == SEGMENT && length >= 72) {
        segment(commands, at, length, sections);
      }
      at += length;
    }
    return new Executable(file, ByteOrder.LITTLE_ENDIAN, true, sections);
  }

  private static void segment(ByteBuffer commands, int at, int length, List<Section> sections) {
    boolean writable = (commands.getInt(at + 60) & 2) != 0;
    for (int row = at + 72; row + 80 <= at + length; row += 80) {
      if (sections.size() < Executable.MOST_SECTIONS) {
        String name = new String(commands.array(), row, 16, StandardCharsets.ISO_8859_1);
        int end = name.indexOf('\0');
        sections.add(
            new Section(
                end < 0 ? name : name.substring(0, end),
                commands.getLong(row + 32),
                commands.getInt(row + 48) & 0xffffffffL,
                commands.getLong(row + 40),
                writable));
      }
    }
  }
}
