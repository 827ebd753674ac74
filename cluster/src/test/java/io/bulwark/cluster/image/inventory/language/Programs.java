package io.bulwark.cluster.image.inventory.language;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/** Writes the least that is a program with build information, in each of the forms. */
final class Programs {
  static final long ADDRESS = 0x500000;
  private static final String EDGE = "0123456789abcdef";

  private Programs() {}

  /** Build information of Go 1.18 and later: the strings follow the mark. */
  static byte[] inline(String go, String modules) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(mark(8, 2));
    out.writeBytes(new byte[16]);
    text(out, go);
    text(out, EDGE + modules + EDGE);
    return out.toByteArray();
  }

  /** Build information before Go 1.18: pointers to string headers in the same section. */
  static byte[] pointers(ByteOrder order, boolean wide, String go, String modules) {
    int size = wide ? 8 : 4;
    byte[] version = go.getBytes(StandardCharsets.ISO_8859_1);
    byte[] lines = (EDGE + modules + EDGE).getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out = ByteBuffer.allocate(128 + version.length + lines.length).order(order);
    out.put(mark(size, order == ByteOrder.BIG_ENDIAN ? 1 : 0));
    word(out, wide, ADDRESS + 64);
    word(out, wide, ADDRESS + 96);
    out.position(64);
    word(out, wide, ADDRESS + 128);
    word(out, wide, version.length);
    out.position(96);
    word(out, wide, ADDRESS + 128 + version.length);
    word(out, wide, lines.length);
    out.position(128);
    return out.put(version).put(lines).array();
  }

  /** What cargo-auditable writes. */
  static byte[] audit(String json) {
    Deflater deflater = new Deflater();
    deflater.setInput(json.getBytes(StandardCharsets.UTF_8));
    deflater.finish();
    byte[] out = new byte[json.length() + 64];
    int count = deflater.deflate(out);
    deflater.end();
    return java.util.Arrays.copyOf(out, count);
  }

  /** An ELF file with one section besides that of the names. */
  static byte[] elf(ByteOrder order, boolean wide, String section, byte[] content) {
    byte[] names = ("\0.shstrtab\0" + section + "\0").getBytes(StandardCharsets.ISO_8859_1);
    int each = wide ? 64 : 40;
    int start = 64;
    int namesAt = start + content.length;
    int table = namesAt + names.length;
    ByteBuffer out = ByteBuffer.allocate(table + 3 * each).order(order);
    out.put(new byte[] {0x7f, 'E', 'L', 'F'}).put((byte) (wide ? 2 : 1));
    out.put((byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1));
    if (wide) {
      out.putLong(40, table);
    } else {
      out.putInt(32, table);
    }
    out.putShort(wide ? 58 : 46, (short) each);
    out.putShort(wide ? 60 : 48, (short) 3);
    out.putShort(wide ? 62 : 50, (short) 1);
    out.position(start);
    out.put(content).put(names);
    out.position(table + each);
    header(out, wide, 1, 3, 0, namesAt, names.length);
    out.position(table + 2 * each);
    header(out, wide, 11, 1, ADDRESS, start, content.length);
    return out.array();
  }

  /** A PE file with a data section. */
  static byte[] pe(String section, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(512 + content.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 'M').put((byte) 'Z').putInt(60, 64);
    out.putInt(64, 0x4550).putShort(64 + 6, (short) 1).putShort(64 + 20, (short) 112);
    out.putShort(64 + 24, (short) 0x20b).putLong(64 + 48, 0x400000);
    int row = 64 + 24 + 112;
    out.position(row);
    out.put(section.getBytes(StandardCharsets.ISO_8859_1));
    out.putInt(row + 12, 0x1000).putInt(row + 16, content.length).putInt(row + 20, 512);
    out.putInt(row + 36, 0xC0000040);
    out.position(512);
    return out.put(content).array();
  }

  /** A 64-bit Mach-O file with one section. */
  static byte[] mach(String section, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(256 + content.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0xfeedfacf).putInt(16, 1).putInt(20, 152);
    out.putInt(32, 0x19).putInt(36, 152).putInt(32 + 60, 3).putInt(32 + 64, 1);
    int row = 32 + 72;
    out.position(row);
    out.put(section.getBytes(StandardCharsets.ISO_8859_1));
    out.putLong(row + 32, ADDRESS).putLong(row + 40, content.length).putInt(row + 48, 256);
    out.position(256);
    return out.put(content).array();
  }

  private static void header(
      ByteBuffer out, boolean wide, int name, int type, long address, long offset, long size) {
    out.putInt(name).putInt(type);
    word(out, wide, 3);
    word(out, wide, address);
    word(out, wide, offset);
    word(out, wide, size);
  }

  private static byte[] mark(int pointer, int flags) {
    byte[] mark = "\u00ff Go buildinf:xx".getBytes(StandardCharsets.ISO_8859_1);
    mark[14] = (byte) pointer;
    mark[15] = (byte) flags;
    return mark;
  }

  private static void word(ByteBuffer out, boolean wide, long value) {
    if (wide) {
      out.putLong(value);
    } else {
      out.putInt((int) value);
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int length = bytes.length;
    while (length >= 0x80) {
      out.write((length & 0x7f) | 0x80);
      length >>= 7;
    }
    out.write(length);
    out.writeBytes(bytes);
  }
}
