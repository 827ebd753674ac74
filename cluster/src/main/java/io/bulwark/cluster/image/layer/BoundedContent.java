package io.bulwark.cluster.image.layer;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/** Decompressed content that ends a bomb early. Not safe for concurrent use. */
final class BoundedContent extends InputStream {
  private final InputStream in;
  private final LongSupplier compressed;
  private final Bounds bounds;
  private final long most;
  private long count;

  /**
   * @param compressed bytes read so far of the compressed form
   * @param most bytes that may come
   */
  BoundedContent(InputStream in, LongSupplier compressed, Bounds bounds, long most) {
    this.in = in;
    this.compressed = compressed;
    this.bounds = bounds;
    this.most = most;
  }

  /** Bytes that came. */
  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    if (read > 0) {
      count += read;
      if (count > most) {
        throw new RefusedImage("it decompresses to more than " + most + " bytes");
      }
      if (count > bounds.freeRatioBytes()
          && count / bounds.ratio() > Math.max(1, compressed.getAsLong())) {
        throw new RefusedImage(
            "it decompresses more than " + bounds.ratio() + "-fold: a decompression bomb");
      }
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
