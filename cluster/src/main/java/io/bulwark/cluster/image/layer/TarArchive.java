package io.bulwark.cluster.image.layer;

import java.io.IOException;
import java.io.InputStream;

/** Reads the files of a tar archive that nobody vouches for, from front to back. */
public final class TarArchive {
  private TarArchive() {}

  /** Takes one file. */
  public interface Visitor {
    /**
     * @param path absolute inside the archive, never outside of it
     * @param content ends with the file; need not be read
     */
    void file(String path, InputStream content) throws IOException;
  }

  /** Whether these first bytes are those of gzip or zstd. */
  public static boolean isCompressed(byte[] head) {
    return Decompression.recognizes(head);
  }

  /**
   * The plain form of what is compressed with gzip or zstd. Memory: 128 MiB at most.
   *
   * @throws RefusedImage if it is damaged; reading may throw that too
   */
  public static InputStream decompressed(InputStream stored) throws IOException {
    return Decompression.of(stored);
  }

  /**
   * Shows all regular files; links and devices are passed over.
   *
   * @param plain is not closed
   * @param entries how many members there may be
   * @throws RefusedImage if the archive is damaged, leaves its root or has too many members
   */
  public static void read(InputStream plain, int entries, Visitor visitor) throws IOException {
    TarReader tar = new TarReader(plain, entries);
    for (TarReader.Member member = tar.next(); member != null; member = tar.next()) {
      if (member.entry().type() == LayerEntry.Type.FILE) {
        visitor.file(member.entry().path(), tar.content());
      }
    }
  }
}
