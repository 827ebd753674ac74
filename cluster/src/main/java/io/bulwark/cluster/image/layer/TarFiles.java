package io.bulwark.cluster.image.layer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a tar archive, found by one pass over its headers and then read in any order. A
 * compressed archive is decompressed to a temporary file first. Not safe for concurrent use.
 */
final class TarFiles implements NamedFiles {
  private static final int LINKS = 8;

  private final FileChannel channel;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  private record Place(long start, long size) {}

  private TarFiles(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws RefusedImage if this is no tar archive, or goes beyond a bound
   */
  static TarFiles open(Path archive, Bounds bounds) throws IOException {
    TarFiles files = new TarFiles(plain(archive, bounds));
    boolean indexed = false;
    try {
      files.index(bounds);
      indexed = true;
      return files;
    } finally {
      if (!indexed) {
        files.close();
      }
    }
  }

  private static FileChannel plain(Path archive, Bounds bounds) throws IOException {
    CountedStream stored = new CountedStream(Files.newInputStream(archive));
    try (InputStream content = Decompression.of(stored)) {
      if (content instanceof BufferedInputStream) {
        return FileChannel.open(archive, StandardOpenOption.READ);
      }
      Path temporary = Files.createTempFile("bulwark-archive-", ".tar");
      FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      boolean copied = false;
      try {
        InputStream bounded =
            new BoundedContent(content, stored::count, bounds, bounds.imageBytes());
        copy(bounded, channel);
        copied = true;
      } finally {
        if (!copied) {
          channel.close();
        }
      }
      return channel;
    }
  }

  private static void copy(InputStream in, FileChannel out) throws IOException {
    byte[] buffer = new byte[1 << 18];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
  }

  private void index(Bounds bounds) throws IOException {
    ChannelSlice all = new ChannelSlice(channel, 0, channel.size());
    TarReader tar = new TarReader(all, bounds.entries());
    for (var member = tar.next(); member != null; member = tar.next()) {
      LayerEntry entry = member.entry();
      switch (entry.type()) {
        case FILE -> {
          links.remove(entry.path());
          places.put(entry.path(), new Place(all.position(), entry.size()));
        }
        case HARD_LINK -> links.put(entry.path(), entry.target());
        case SYMBOLIC_LINK -> {
          String directory = entry.path().substring(0, entry.path().lastIndexOf('/') + 1);
          String target = member.link();
          links.put(
              entry.path(), LayerPath.of(target.startsWith("/") ? target : directory + target));
        }
        case DIRECTORY, OTHER -> {}
      }
    }
  }

  @Override
  public @Nullable InputStream open(String name) throws IOException {
    String path = LayerPath.of(name);
    for (int i = 0; i < LINKS && links.containsKey(path); i++) {
      path = links.getOrDefault(path, path);
    }
    Place place = places.get(path);
    if (place == null) {
      return null;
    }
    if (place.start + place.size > channel.size()) {
      throw new RefusedImage("the archive is cut off");
    }
    return new ChannelSlice(channel, place.start, place.start + place.size);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
