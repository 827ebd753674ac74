package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.language.Executable.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What Go's linker writes into a program: the version of Go and the modules.
 *
 * <p>Source: Go's package debug/buildinfo, which tells the two forms: strings that follow the mark
 * (from Go 1.18), or pointers to them.
 *
 * @param go such as {@code go1.22.1}
 * @param modules lines of {@code path}, {@code mod}, {@code dep}, {@code =>} and {@code build}
 */
record GoBuildInformation(String go, String modules) {
  private static final byte[] MARK = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
  private static final int ALIGNMENT = 16;
  private static final int HEADER = 32;
  private static final int LARGEST_TEXT = 16 << 20;
  private static final long LARGEST_SEARCH = 64 << 20;
  private static final int CHUNK = 1 << 16;

  /** The build information of a program; null if it has none. */
  static @Nullable GoBuildInformation read(Executable program) throws IOException {
    Section section = program.named(".go.buildinfo");
    if (section == null) {
      section = program.named("__go_buildinfo");
    }
    if (section != null) {
      return in(program, section);
    }
    if (program.named(".shstrtab") != null) {
      return null;
    }
    for (Section each : program.sections()) {
      if (each.writable() && (each.name().equals(".data") || each.name().isEmpty())) {
        return in(program, each);
      }
    }
    return null;
  }

  private static @Nullable GoBuildInformation in(Executable program, Section section)
      throws IOException {
    long at = find(program.file(), section);
    if (at < 0) {
      return null;
    }
    Window file = program.file();
    byte[] header = file.read(at, HEADER);
    if ((header[15] & 2) != 0) {
      Text go = inline(file, at + HEADER);
      return new GoBuildInformation(go.text(), trimmed(inline(file, go.end()).text()));
    }
    int pointer = header[14];
    if (pointer != (program.wide() ? 8 : 4)) {
      throw new IOException("build information of another machine");
    }
    ByteBuffer pointers = ByteBuffer.wrap(header).order(program.order());
    return new GoBuildInformation(
        pointed(program, address(pointers, 16, pointer)),
        trimmed(pointed(program, address(pointers, 16 + pointer, pointer))));
  }

  private static long find(Window file, Section section) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long searched = 0;
    long most = Math.min(section.size(), LARGEST_SEARCH);
    try (InputStream in = file.part(section.offset(), most).from(0)) {
      int count;
      while ((count = in.readNBytes(chunk, 0, CHUNK)) > 0) {
        for (int i = 0; i + MARK.length <= count; i += ALIGNMENT) {
          if (Arrays.equals(chunk, i, i + MARK.length, MARK, 0, MARK.length)) {
            return section.offset() + searched + i;
          }
        }
        searched += count;
      }
    }
    return -1;
  }

  private record Text(String text, long end) {}

  /** A length in seven-bit groups, then so many bytes. */
  private static Text inline(Window file, long at) throws IOException {
    byte[] start = file.read(at, (int) Math.clamp(file.size() - at, 0, 5));
    long length = 0;
    int i = 0;
    while (true) {
      if (i >= start.length) {
        throw new IOException("build information ends early");
      }
      length |= (start[i] & 0x7fL) << (7 * i);
      if (start[i++] >= 0) {
        break;
      }
    }
    return new Text(text(file.read(at + i, bounded(length))), at + i + length);
  }

  private static String pointed(Executable program, long address) throws IOException {
    int pointer = program.wide() ? 8 : 4;
    ByteBuffer header = program.at(address, 2 * pointer);
    long length = address(header, pointer, pointer);
    return length == 0
        ? ""
        : text(program.at(address(header, 0, pointer), bounded(length)).array());
  }

  private static long address(ByteBuffer bytes, int at, int pointer) {
    return pointer == 8 ? bytes.getLong(at) : bytes.getInt(at) & 0xffffffffL;
  }

  private static int bounded(long length) throws IOException {
    if (length < 0 || length > LARGEST_TEXT) {
      throw new IOException("build information larger than " + LARGEST_TEXT + " bytes");
    }
    return (int) length;
  }

  /** Sixteen bytes stand before and behind the lines. */
  private static String trimmed(String modules) {
    int length = modules.length();
    return length >= 33 && modules.charAt(length - 17) == '\n'
        ? modules.substring(16, length - 16)
        : "";
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
