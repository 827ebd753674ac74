package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read from any place on, more than once. For one thread. */
interface Window {
  /** In bytes. */
  long size();

  /** The bytes from an offset to the end; the caller closes the stream. */
  InputStream from(long offset) throws IOException;

  /** Exactly so many bytes from an offset on. */
  default byte[] read(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > size() - length) {
      throw new IOException("points outside of the file");
    }
    try (InputStream in = from(offset)) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("ends early");
      }
      return bytes;
    }
  }

  /** A part of this window. */
  default Window part(long offset, long length) throws IOException {
    if (offset < 0 || length < 0 || offset > size() - length) {
      throw new IOException("points outside of the file");
    }
    Window whole = this;
    return new Window() {
      @Override
      public long size() {
        return length;
      }

      @Override
      public InputStream from(long start) throws IOException {
        return new Limited(whole.from(offset + start), length - start);
      }
    };
  }

  static Window of(ImageFile file) {
    return new Window() {
      @Override
      public long size() {
        return file.size();
      }

      @Override
      public InputStream from(long offset) throws IOException {
        InputStream in = file.open();
        try {
          in.skipNBytes(offset);
          return in;
        } catch (IOException failure) {
          in.close();
          throw failure;
        }
      }
    };
  }

  static Window of(byte[] bytes) {
    return new Window() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream from(long offset) {
        int start = (int) Math.min(offset, bytes.length);
        return new ByteArrayInputStream(bytes, start, bytes.length - start);
      }
    };
  }
}
