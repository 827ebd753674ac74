package io.bulwark.cluster.image.layer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive that nobody vouches for. Memory is bounded whatever the archive says: a
 * header takes at most {@value #EXTENSION} bytes with its extensions. Not safe for concurrent use.
 *
 * <p>Reads ustar, pax ({@code path}, {@code linkpath}, {@code size}), GNU long names and base-256
 * numbers. The content of sparse files, which images do not hold, is read as it lies in the
 * archive.
 *
 * <p>Source: POSIX.1-2017 pax, "pax Interchange Format" and "ustar"; GNU tar manual, "Basic Tar
 * Format".
 */
final class TarReader {
  private static final int BLOCK = 512;

  /** The longest name or pax header, in bytes. */
  static final int EXTENSION = 1 << 20;

  private final InputStream in;
  private final int entryBound;
  private final byte[] header = new byte[BLOCK];
  private long left;
  private int padding;
  private int entries;

  /**
   * A member.
   *
   * @param link what a link says, as written
   */
  record Member(LayerEntry entry, String link) {}

  /**
   * @param in is not closed
   * @param entryBound how many headers there may be
   */
  TarReader(InputStream in, int entryBound) {
    this.in = in;
    this.entryBound = entryBound;
  }

  /**
   * The next member, or null after the last. What is left of the one before is skipped.
   *
   * @throws RefusedImage if the archive is damaged, leaves its root or has too many entries
   */
  @Nullable Member next() throws IOException {
    PaxHeader extension = new PaxHeader();
    while (true) {
      skipRest();
      if (!header()) {
        return null;
      }
      if (++entries > entryBound) {
        throw new RefusedImage("more than " + entryBound + " entries");
      }
      long size = TarNumber.parse(header, 124, 12);
      char type = (char) (header[156] & 0xFF);
      switch (type) {
        case 'L' -> extension.path(text(extension(size)));
        case 'K' -> extension.link(text(extension(size)));
        case 'x', 'X' -> extension.read(extension(size));
        case 'g', 'V', 'M' -> begin(size);
        default -> {
          return member(type, extension.size(size), extension);
        }
      }
    }
  }

  /** The content of the member that was returned last. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (left == 0) {
          return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
          throw new RefusedImage("the archive is cut off");
        }
        left -= count;
        return count;
      }
    };
  }

  private Member member(char type, long size, PaxHeader extension) throws IOException {
    String name = extension.path() == null ? headerName() : extension.path();
    String link = extension.link() == null ? field(157, 100) : extension.link();
    boolean directory = type == '5' || ((type == '0' || type == 0) && name.endsWith("/"));
    LayerEntry.Type kind =
        directory
            ? LayerEntry.Type.DIRECTORY
            : switch (type) {
              case '0', '\0', '7', 'S' -> LayerEntry.Type.FILE;
              case '1' -> LayerEntry.Type.HARD_LINK;
              case '2' -> LayerEntry.Type.SYMBOLIC_LINK;
              default -> LayerEntry.Type.OTHER;
            };
    boolean file = kind == LayerEntry.Type.FILE;
    begin(file || (kind == LayerEntry.Type.OTHER && type > '7') ? size : 0);
    boolean executable = (TarNumber.parse(header, 100, 8) & 0111) != 0;
    String target = kind == LayerEntry.Type.HARD_LINK ? LayerPath.of(link) : "";
    return new Member(
        new LayerEntry(LayerPath.of(name), kind, file ? size : 0, executable, target), link);
  }

  private String headerName() {
    String name = field(0, 100);
    boolean ustar =
        header[257] == 'u' && header[258] == 's' && header[259] == 't' && header[262] == 0;
    String prefix = ustar ? field(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private String field(int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private void begin(long size) throws RefusedImage {
    if (size < 0) {
      throw new RefusedImage("an entry with a negative size");
    }
    left = size;
    padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
  }

  private byte[] extension(long size) throws IOException {
    if (size > EXTENSION) {
      throw new RefusedImage("an extended header of " + size + " bytes");
    }
    begin(size);
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new RefusedImage("the archive is cut off");
    }
    left = 0;
    return bytes;
  }

  private void skipRest() throws IOException {
    try {
      in.skipNBytes(left);
      left = 0;
      in.skipNBytes(padding);
      padding = 0;
    } catch (EOFException cut) {
      throw new RefusedImage("the archive is cut off");
    }
  }

  /** Reads a header; false at the end: a block of zeros, or nothing at all between two members. */
  private boolean header() throws IOException {
    int count = in.readNBytes(header, 0, BLOCK);
    if (count == 0) {
      return false;
    }
    if (count < BLOCK) {
      throw new RefusedImage("the archive is cut off");
    }
    boolean zeros = true;
    for (int i = 0; zeros && i < BLOCK; i++) {
      zeros = header[i] == 0;
    }
    if (zeros) {
      return false;
    }
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean sum = i >= 148 && i < 156;
      unsigned += sum ? ' ' : header[i] & 0xFF;
      signed += sum ? ' ' : header[i];
    }
    long given;
    try {
      given = TarNumber.parse(header, 148, 8);
    } catch (RefusedImage noNumber) {
      given = -1;
    }
    if ((given != unsigned && given != signed) || given < 0) {
      throw new RefusedImage("a damaged header: this is no tar archive");
    }
    return true;
  }
}
