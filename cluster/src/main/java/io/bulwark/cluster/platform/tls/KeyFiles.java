package io.bulwark.cluster.platform.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files that are always whole: written beside their place, made durable, then moved there. */
public final class KeyFiles {
  private KeyFiles() {}

  /** Readable by the owner only. */
  public static void writeSecret(Path file, String text) throws IOException {
    write(file, text, "rw-------");
  }

  /** Readable by everybody. */
  public static void writePublic(Path file, String text) throws IOException {
    write(file, text, "rw-r--r--");
  }

  /** The text of a file, or null where there is none. */
  public static @Nullable String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException absent) {
      return null;
    }
  }

  static void directory(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static void write(Path file, String text, String mode) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString(mode));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
