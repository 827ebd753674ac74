package io.bulwark.cluster.image.inventory.language;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sections of a program file: ELF, PE or 64-bit Mach-O.
 *
 * @param order of the machine's words
 * @param wide whether addresses take eight bytes
 */
record Executable(Window file, ByteOrder order, boolean wide, List<Section> sections) {
  static final int MOST_SECTIONS = 4096;

  /**
   * A range of the file that is loaded at an address.
   *
   * @param name empty for a segment that has none
   */
  record Section(String name, long address, long offset, long size, boolean writable) {}

  /** The program in a file; null if the file is none. */
  static @Nullable Executable read(Window file) throws IOException {
    if (file.size() < 64) {
      return null;
    }
    byte[] start = file.read(0, 64);
    int magic = ByteBuffer.wrap(start).getInt();
    if (magic == 0x7f454c46) {
      return ElfSections.read(file, start);
    }
    if (magic == 0xcffaedfe) {
      return MachSections.read(file, start);
    }
    return start[0] == 'M' && start[1] == 'Z' ? PeSections.read(file, start) : null;
  }

  /** The first section of a name, null if there is none. */
  @Nullable Section named(String name) {
    for (Section section : sections) {
      if (section.name().equals(name)) {
        return section;
      }
    }
    return null;
  }

  /** The bytes at an address of the running program. */
  ByteBuffer at(long address, int length) throws IOException {
    for (Section section : sections) {
      long within = address - section.address();
      if (section.address() != 0 && within >= 0 && within <= section.size() - length) {
        return ByteBuffer.wrap(file.read(section.offset() + within, length)).order(order);
      }
    }
    throw new IOException("no section holds the address");
  }
}
