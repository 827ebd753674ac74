package io.bulwark.cluster.image.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file as a stream; closing it leaves the file open. Not safe for concurrent use. */
public final class ChannelSlice extends InputStream {
  private final FileChannel channel;
  private final long end;
  private long at;

  /**
   * @param end offset after the last byte
   */
  public ChannelSlice(FileChannel channel, long start, long end) {
    this.channel = channel;
    this.at = start;
    this.end = end;
  }

  /** Where in the file the next byte lies. */
  public long position() {
    return at;
  }

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
    if (at >= end) {
      return -1;
    }
    int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - at)), at);
    at += Math.max(count, 0);
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, end - at));
    at += skipped;
    return skipped;
  }
}
