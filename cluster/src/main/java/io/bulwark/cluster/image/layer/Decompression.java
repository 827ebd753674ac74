package io.bulwark.cluster.image.layer;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Layers as they are stored, by their first bytes: gzip, zstd, or plain. What the media type says
 * does not matter. A zstd frame may ask for a window of 128 MiB at most.
 */
final class Decompression {
  private static final int BUFFER = 1 << 16;
  private static final int LARGEST_WINDOW = 27;

  private Decompression() {}

  /** The plain content. Failures of the decompressors become {@link RefusedImage}. */
  static InputStream of(InputStream stored) throws IOException {
    BufferedInputStream in = new BufferedInputStream(stored, BUFFER);
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    if (gzip(magic)) {
      return new Telling(gzip(in), "gzip");
    }
    if (zstd(magic)) {
      ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(in);
      zstd.setLongMax(LARGEST_WINDOW);
      return new Telling(zstd, "zstd");
    }
    return in;
  }

  /** Whether these first bytes are those of gzip or zstd. */
  static boolean recognizes(byte[] head) {
    return gzip(head) || zstd(head);
  }

  private static boolean gzip(byte[] magic) {
    return magic.length >= 2 && (magic[0] & 0xFF) == 0x1F && (magic[1] & 0xFF) == 0x8B;
  }

  private static boolean zstd(byte[] magic) {
    if (magic.length < 4) {
      return false;
    }
    int first = magic[0] & 0xFF;
    boolean frame =
        first == 0x28
            && (magic[1] & 0xFF) == 0xB5
            && (magic[2] & 0xFF) == 0x2F
            && (magic[3] & 0xFF) == 0xFD;
    boolean skippable =
        (first & 0xF0) == 0x50
            && (magic[1] & 0xFF) == 0x2A
            && (magic[2] & 0xFF) == 0x4D
            && (magic[3] & 0xFF) == 0x18;
    return frame || skippable;
  }

  private static InputStream gzip(BufferedInputStream in) throws IOException {
    try {
      return new GZIPInputStream(new NeverDry(in), BUFFER);
    } catch (IOException damaged) {
      throw refused("gzip", damaged);
    }
  }

  private static IOException refused(String form, IOException damaged) {
    if (damaged instanceof RefusedImage already) {
      return already;
    }
    String why = damaged.getMessage();
    return new RefusedImage(
        "the " + form + " data is damaged or cut off" + (why == null ? "" : ": " + why));
  }

  /**
   * Says that bytes are available until the end, by which GZIPInputStream finds further members.
   */
  private static final class NeverDry extends InputStream {
    private final BufferedInputStream in;

    NeverDry(BufferedInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, length);
    }

    @Override
    public int available() throws IOException {
      in.mark(1);
      int next = in.read();
      in.reset();
      return next < 0 ? 0 : 1;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private static final class Telling extends InputStream {
    private final InputStream in;
    private final String form;

    Telling(InputStream in, String form) {
      this.in = in;
      this.form = form;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException damaged) {
        throw refused(form, damaged);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
