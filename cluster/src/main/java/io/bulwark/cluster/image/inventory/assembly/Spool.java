package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.layer.ChannelSlice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps contents that pass by only once, so that they can be read again: one small one at a time in
 * memory, all others in one temporary file. Not safe for concurrent use.
 */
final class Spool implements AutoCloseable {
  private static final int IN_MEMORY = 16 << 20;

  private final long most;
  private byte[] memory = new byte[1 << 16];
  private @Nullable FileChannel file;
  private long end;

  /** A content that was kept. */
  interface Kept {
    InputStream open() throws IOException;
  }

  /**
   * @param most bytes that the temporary file may take
   */
  Spool(long most) {
    this.most = most;
  }

  /** Keeps a content until the next one is kept. */
  Kept briefly(InputStream content, long size) throws IOException {
    if (size > IN_MEMORY) {
      long start = end;
      Kept kept = keep(content, size);
      end = start;
      return kept;
    }
    if (memory.length < size) {
      memory = new byte[(int) Math.min(IN_MEMORY, Math.max(size, memory.length * 2L))];
    }
    int count = content.readNBytes(memory, 0, (int) size);
    return () -> new ByteArrayInputStream(memory, 0, count);
  }

  /** Keeps a content until this is closed. */
  Kept keep(InputStream content, long size) throws IOException {
    if (end + size > most) {
      throw new IOException("larger than what may be kept aside: " + size + " bytes");
    }
    FileChannel channel = file();
    long start = end;
    channel.position(start);
    OutputStream out = Channels.newOutputStream(channel);
    long count = content.transferTo(out);
    end = start + count;
    return () -> new ChannelSlice(channel, start, start + count);
  }

  private FileChannel file() throws IOException {
    FileChannel channel = file;
    if (channel == null) {
      Path path = Files.createTempFile("bulwark-layer-", ".spool");
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      file = channel;
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
