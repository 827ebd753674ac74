package io.bulwark.cluster.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose files all change at once.
 *
 * <pre>
 * name    -> ..data/name      what users open
 * ..data  -> ..20260102...    swapped by one rename
 * ..20260102.../name          the content
 * </pre>
 *
 * <p>Source: the layout that upstream documents for ConfigMap volumes.
 */
final class AtomicDirectory {
  private static final String DATA = "..data";
  private static final String NEXT = "..data_tmp";

  private final Path directory;
  private final Ownership ownership;

  AtomicDirectory(Path directory, Ownership ownership) {
    this.directory = directory;
    this.ownership = ownership;
  }

  /** Makes the directory hold exactly these files; false when it already did. */
  boolean write(Map<String, VolumeFile> files) throws IOException {
    Path current = current();
    if (current != null && holds(current, files)) {
      link(files);
      return false;
    }
    Path next = Files.createTempDirectory(directory, "..");
    Modes.set(next, 0755);
    for (Map.Entry<String, VolumeFile> file : files.entrySet()) {
      Path path = next.resolve(file.getKey());
      createParents(next, path);
      Files.write(path, file.getValue().content());
      Modes.set(path, file.getValue().mode());
    }
    ownership.applyBelow(next);
    Path link = directory.resolve(NEXT);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, directory.relativize(next));
    Files.move(link, directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
    link(files);
    if (current != null) {
      delete(current);
    }
    return true;
  }

  private @Nullable Path current() throws IOException {
    try {
      return directory.resolve(Files.readSymbolicLink(directory.resolve(DATA)));
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  private static boolean holds(Path current, Map<String, VolumeFile> files) throws IOException {
    try (Stream<Path> all = Files.walk(current)) {
      List<Path> present = all.filter(Files::isRegularFile).toList();
      if (present.size() != files.size()) {
        return false;
      }
      for (Path path : present) {
        VolumeFile wanted = files.get(current.relativize(path).toString());
        if (wanted == null || !Arrays.equals(wanted.content(), Files.readAllBytes(path))) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private void link(Map<String, VolumeFile> files) throws IOException {
    Set<String> wanted = new TreeSet<>();
    for (String name : files.keySet()) {
      wanted.add(String.valueOf(Path.of(name).getName(0)));
    }
    for (String name : wanted) {
      Path link = directory.resolve(name);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
    try (Stream<Path> present = Files.list(directory)) {
      for (Path path : present.toList()) {
        String name = String.valueOf(path.getFileName());
        if (!name.startsWith("..") && !wanted.contains(name)) {
          Files.delete(path);
        }
      }
    }
  }

  private static void createParents(Path root, Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null && !parent.equals(root) && !Files.exists(parent)) {
      createParents(root, parent);
      Files.createDirectory(parent);
      Modes.set(parent, 0755);
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
