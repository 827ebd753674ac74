package io.bulwark.cluster.image.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * One file system layer: a compressed tar archive and the digests of both its forms.
 *
 * @param compressed the gzip form that is stored
 * @param digest of the compressed form
 * @param contentDigest of the tar archive itself (the "diff id")
 */
record Layer(byte[] compressed, String digest, String contentDigest) {

  /**
   * Everything below a directory, in name order. Owners, modes, links and hard links are kept;
   * times are dropped, so that equal directories give equal layers.
   */
  static Layer of(Path root) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    Digest content = new Digest();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes);
        OutputStream both = content.beside(gzip);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(both, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      Map<Object, String> links = new HashMap<>();
      for (Path path : paths(root)) {
        add(tar, root, path, links);
      }
    }
    byte[] compressed = bytes.toByteArray();
    return new Layer(compressed, Digest.of(compressed), content.text());
  }

  private static List<Path> paths(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> !path.equals(root)).sorted().toList();
    }
  }

  private static void add(
      TarArchiveOutputStream tar, Path root, Path path, Map<Object, String> links)
      throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
    String name = root.relativize(path).toString();
    int mode = number(attributes, "mode");
    TarArchiveEntry entry;
    boolean content = false;
    if (Files.isSymbolicLink(path)) {
      entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
    } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      entry = new TarArchiveEntry(name + "/");
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      String first = links.putIfAbsent(attributes.get("ino"), name);
      if (first != null) {
        entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
        entry.setLinkName(first);
      } else {
        entry = new TarArchiveEntry(name);
        entry.setSize(Files.size(path));
        content = true;
      }
    } else {
      return;
    }
    entry.setMode(mode & 07777);
    entry.setIds(number(attributes, "uid"), number(attributes, "gid"));
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
    if (content) {
      Files.copy(path, tar);
    }
    tar.closeArchiveEntry();
  }

  private static int number(Map<String, Object> attributes, String name) {
    return (Integer) Objects.requireNonNull(attributes.get(name), name);
  }
}
