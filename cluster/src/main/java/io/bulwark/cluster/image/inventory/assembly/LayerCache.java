package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.platform.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What layers hold, in a directory, by the digest of the layer. Entries of other catalogers'
 * versions and damaged ones are not believed and made again. Failing to write is no failure: the
 * next reading takes longer. Safe for concurrent use, by several processes too.
 */
public final class LayerCache {
  private static final System.Logger LOG = System.getLogger(LayerCache.class.getName());
  private static final int SUM = 64;

  private final Path layers;
  private final Path images;
  private final int most;

  /**
   * @param most layers that are kept, and images; those not used for longest go first
   */
  public LayerCache(Path directory, int most) {
    this(directory, most, "");
  }

  /**
   * @param most layers that are kept, and images; those not used for longest go first
   * @param variant what else decides about what catalogers find, a word; empty for nothing
   */
  public LayerCache(Path directory, int most, String variant) {
    String suffix = variant.isEmpty() ? "" : "-" + variant;
    this.layers = directory.resolve("layers-" + Catalogers.VERSION + suffix);
    this.images = directory.resolve("images");
    this.most = most;
    removeOlder(directory);
  }

  /** What catalogers of older versions found is never read again; a newer program's is left. */
  private static void removeOlder(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path old : all.filter(LayerCache::older).toList()) {
        try (Stream<Path> entries = Files.list(old)) {
          entries.forEach(LayerCache::delete);
        }
        delete(old);
      }
    } catch (IOException | UncheckedIOException kept) {
      LOG.log(Level.DEBUG, "cannot remove older entries below {0}", directory);
    }
  }

  private static boolean older(Path directory) {
    String name = directory.getFileName().toString();
    return name.matches("layers-[0-9]{1,6}(-.*)?")
        && Integer.parseInt(name.split("-", 3)[1]) < Integer.parseInt(Catalogers.VERSION);
  }

  /** What is known of a layer that lies on a distribution, or null. */
  @Nullable LayerContents find(String digest, Distribution below) {
    LayerContents any = entry(layers.resolve(name(digest)));
    if (any != null && any.assumed() == null) {
      return any;
    }
    LayerContents here = entry(layers.resolve(name(digest, below)));
    return here != null && below.equals(here.assumed()) ? here : null;
  }

  void keep(String digest, LayerContents contents) {
    Distribution assumed = contents.assumed();
    String name = assumed == null ? name(digest) : name(digest, assumed);
    write(layers.resolve(name), Json.write(LayerContentsJson.write(contents)));
    discard(layers);
  }

  /** The image with the longest chain of layers of which this chain is a continuation, or null. */
  @Nullable String baseOf(List<String> chain) {
    for (int length = chain.size() - 1; length > 0; length--) {
      Path file = images.resolve(chainName(chain.subList(0, length)));
      byte[] known = read(file);
      if (known != null) {
        used(file);
        return new String(known, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  /** Remembers an image by its layers; the first name that was seen stays. */
  void keepImage(String reference, List<String> chain) {
    Path file = images.resolve(chainName(chain));
    if (!chain.isEmpty() && read(file) == null) {
      write(file, reference.getBytes(StandardCharsets.UTF_8));
      discard(images);
    }
  }

  private static @Nullable LayerContents entry(Path file) {
    byte[] content = read(file);
    if (content == null) {
      return null;
    }
    try {
      LayerContents contents = LayerContentsJson.read(Json.read(content));
      used(file);
      return contents;
    } catch (RuntimeException damaged) {
      LOG.log(Level.DEBUG, "damaged cache entry {0}", file);
      return null;
    }
  }

  /** What cannot be marked, since the cache may only be read, serves all the same. */
  private static void used(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException readOnly) {
      LOG.log(Level.DEBUG, "cannot mark {0} as used", file);
    }
  }

  /** Content after the line with its sum, or null if there is none or another one. */
  private static byte @Nullable [] read(Path file) {
    try {
      byte[] all = Files.readAllBytes(file);
      if (all.length <= SUM || all[SUM] != '\n') {
        return null;
      }
      byte[] content = java.util.Arrays.copyOfRange(all, SUM + 1, all.length);
      String sum = new String(all, 0, SUM, StandardCharsets.US_ASCII);
      return sum.equals(Sha256.hex(content)) ? content : null;
    } catch (NoSuchFileException unknown) {
      return null;
    } catch (IOException unreadable) {
      LOG.log(Level.DEBUG, "unreadable cache entry {0}", file);
      return null;
    }
  }

  private static void write(Path file, byte[] content) {
    Path directory = file.resolveSibling(".");
    try {
      Files.createDirectories(directory.normalize());
      Path fresh = Files.createTempFile(directory.normalize(), "new-", ".tmp");
      try {
        byte[] sum = (Sha256.hex(content) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = java.util.Arrays.copyOf(sum, sum.length + content.length);
        System.arraycopy(content, 0, all, sum.length, content.length);
        Files.write(fresh, all);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException full) {
      LOG.log(Level.DEBUG, "cannot keep {0}: {1}", file, full.getMessage());
    }
  }

  private void discard(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> files = all.toList();
      if (files.size() > most) {
        record Aged(Path file, FileTime time) {}
        files.stream()
            .map(file -> new Aged(file, time(file)))
            .sorted(Comparator.comparing(Aged::time))
            .limit(files.size() - most)
            .forEach(aged -> delete(aged.file));
      }
    } catch (IOException gone) {
      LOG.log(Level.DEBUG, "cannot list {0}", directory);
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException kept) {
      LOG.log(Level.DEBUG, "cannot delete {0}", file);
    }
  }

  private static String name(String digest) {
    return digest.replace(':', '-');
  }

  private static String name(String digest, Distribution below) {
    Tree key = Tree.of("id", below.id(), "name", below.name(), "version", below.version());
    return name(digest) + "-" + Sha256.hex(Json.write(key)).substring(0, 16);
  }

  private static String chainName(List<String> chain) {
    return Sha256.hex(Json.writeAny(new TreeList(chain)));
  }
}
