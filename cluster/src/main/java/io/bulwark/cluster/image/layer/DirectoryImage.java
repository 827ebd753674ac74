package io.bulwark.cluster.image.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An unpacked root file system as an image of one layer. No link is followed, so that nothing
 * outside is read; what may not be read is passed over and told.
 */
public final class DirectoryImage implements Image {
  private final Path root;
  private final Bounds bounds;

  private DirectoryImage(Path root, Bounds bounds) {
    this.root = root;
    this.bounds = bounds;
  }

  /** A source that opens the directory when it is asked. */
  public static ImageSource at(Path root, Bounds bounds) {
    return () -> {
      if (!Files.isDirectory(root)) {
        throw new NotDirectoryException(root.toString());
      }
      return new DirectoryImage(root, bounds);
    };
  }

  @Override
  public String reference() {
    return root.toString();
  }

  @Override
  public String name() {
    return root.toString();
  }

  @Override
  public @Nullable String digest() {
    return null;
  }

  @Override
  public Map<String, String> annotations() {
    return Map.of();
  }

  @Override
  public List<ImageLayer> layers() {
    return List.of(new Tree());
  }

  @Override
  public @Nullable Instant created() {
    return null;
  }

  @Override
  public void close() {}

  private final class Tree implements ImageLayer {
    @Override
    public String digest() {
      return "";
    }

    @Override
    public String contentDigest() {
      return "";
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public String createdBy() {
      return "";
    }

    @Override
    public void read(LayerVisitor visitor) throws IOException {
      Path real = root.toRealPath();
      Files.walkFileTree(real, new Walk(real, bounds, visitor));
    }
  }

  private static final Set<PosixFilePermission> EXECUTE =
      EnumSet.of(
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_EXECUTE);

  /** Stands in texts for bytes that the locale's encoding does not know. */
  private static final char UNREADABLE = '\uFFFD';

  private static final class Walk implements FileVisitor<Path> {
    private final Path root;
    private final Bounds bounds;
    private final LayerVisitor visitor;
    private int entries;

    Walk(Path root, Bounds bounds, LayerVisitor visitor) {
      this.root = root;
      this.bounds = bounds;
      this.visitor = visitor;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      String path = inside(directory);
      if (pseudo(path)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      show(new LayerEntry(path, LayerEntry.Type.DIRECTORY, 0, true, ""));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String path = inside(file);
      if (attributes.isSymbolicLink()) {
        show(new LayerEntry(path, LayerEntry.Type.SYMBOLIC_LINK, 0, false, ""));
      } else if (attributes.isRegularFile()) {
        LayerEntry entry =
            new LayerEntry(path, LayerEntry.Type.FILE, attributes.size(), executable(file), "");
        count();
        try (OnFirstRead content = new OnFirstRead(file, attributes.size())) {
          visitor.visit(entry, content);
        }
      } else {
        show(new LayerEntry(path, LayerEntry.Type.OTHER, 0, false, ""));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (file.equals(root)) {
        throw failure;
      }
      if (failure instanceof AccessDeniedException) {
        visitor.closed(inside(file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
      return FileVisitResult.CONTINUE;
    }

    private void show(LayerEntry entry) throws IOException {
      count();
      visitor.visit(entry, InputStream.nullInputStream());
    }

    private void count() throws RefusedImage {
      if (++entries > bounds.entries()) {
        throw new RefusedImage("more than " + bounds.entries() + " entries in " + root);
      }
    }

    private String inside(Path path) {
      String inside = path.equals(root) ? "/" : "/" + root.relativize(path);
      return inside.indexOf(UNREADABLE) < 0 ? inside : RawName.of(root, path);
    }

    /** What a running system mounts there is no part of any image. */
    private static boolean pseudo(String path) {
      return path.equals("/proc") || path.equals("/sys") || path.equals("/dev");
    }

    private static boolean executable(Path file) throws IOException {
      try {
        return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .permissions()
            .stream()
            .anyMatch(EXECUTE::contains);
      } catch (NoSuchFileException gone) {
        return false;
      }
    }
  }

  /**
   * Opens the file when the visitor wants its content, never through a link, and gives no more than
   * it held when it was found: files of a running system grow.
   */
  private static final class OnFirstRead extends InputStream {
    private final Path file;
    private long left;
    private @Nullable InputStream opened;

    OnFirstRead(Path file, long size) {
      this.file = file;
      this.left = size;
    }

    private InputStream opened() throws IOException {
      InputStream in = opened;
      if (in == null) {
        in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        opened = in;
      }
      return in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = opened().read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
