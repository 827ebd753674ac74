package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.platform.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A table in a text file that stays on disk, however large: lines of a SHA-1 digest in lower-case
 * hexadecimal, one blank and {@code group:artifact:version}, sorted by their bytes (as {@code
 * LC_ALL=C sort -u} does). Lines of another form are passed over. Thread-safe.
 */
public final class SortedArchiveDigests implements ArchiveDigests, Closeable {
  private static final int LONGEST_LINE = 1024;
  private static final int DIGEST = 40;

  private final FileChannel file;
  private final long size;
  private final String version;

  private SortedArchiveDigests(FileChannel file, long size, String version) {
    this.file = file;
    this.size = size;
    this.version = version;
  }

  /** Opens a table; it must not change while it is open. */
  public static SortedArchiveDigests open(Path table) throws IOException {
    FileChannel file = FileChannel.open(table, StandardOpenOption.READ);
    String identity =
        table.toAbsolutePath() + " " + file.size() + " " + Files.getLastModifiedTime(table);
    String version = Sha256.hex(identity.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    return new SortedArchiveDigests(file, file.size(), version);
  }

  /** A word that changes with the table. */
  public String version() {
    return version;
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if the file cannot be read
   */
  @Override
  public @Nullable Coordinates find(byte[] sha1) {
    String wanted = HexFormat.of().formatHex(sha1);
    long low = 0;
    long high = size;
    try {
      while (low < high) {
        long middle = low + (high - low) / 2;
        long start = lineStart(middle, low);
        String line = line(start);
        int order = line.length() <= DIGEST ? -1 : line.substring(0, DIGEST).compareTo(wanted);
        if (order == 0) {
          return coordinates(line.substring(DIGEST + 1));
        }
        if (order < 0) {
          low = start + line.length() + 1;
        } else {
          high = start;
        }
      }
      return null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The start of the line that a byte belongs to, not before a bound. */
  private long lineStart(long at, long bound) throws IOException {
    long from = Math.max(bound, at - LONGEST_LINE);
    String before = text(from, (int) (at - from));
    int end = before.lastIndexOf('\n');
    return end < 0 ? from : from + end + 1;
  }

  private String line(long start) throws IOException {
    String text = text(start, LONGEST_LINE);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private String text(long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {
      continue;
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
  }

  /** Reads {@code group:artifact:version}; null if the text is something else. */
  public static @Nullable Coordinates coordinates(String text) {
    String[] parts = text.strip().split(":", -1);
    return parts.length == 3
            && Words.coordinate(parts[0])
            && Words.coordinate(parts[1])
            && Words.coordinate(parts[2])
        ? new Coordinates(parts[0], parts[1], parts[2])
        : null;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
