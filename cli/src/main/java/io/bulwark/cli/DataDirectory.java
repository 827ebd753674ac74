package io.bulwark.cli;

import io.bulwark.cluster.ClusterDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that every command shares: which cluster it is about. */
final class DataDirectory {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where the cluster lives (default: /var/lib/bulwark for root, ~/.bulwark otherwise).")
  private @Nullable Path given = defaultPath();

  static DataDirectory of(String given) {
    DataDirectory directory = new DataDirectory();
    directory.given = Path.of(given);
    return directory;
  }

  static @Nullable Path defaultPath() {
    Path home = home();
    return "root".equals(System.getProperty("user.name"))
        ? Path.of("/var/lib/bulwark")
        : home == null ? null : home.resolve(".bulwark");
  }

  /** The user's own directory; null for a user whom nobody gave one. */
  static @Nullable Path home() {
    String home = System.getProperty("user.home", "");
    return home.startsWith("/") ? Path.of(home) : null;
  }

  /** Where it really is: what the kernel tells of mounts and processes never has links in it. */
  Path path() {
    Path known = known();
    if (known == null) {
      throw new Refusal("this user has no home directory; say where with --data-dir DIR");
    }
    return known;
  }

  /** Null where the user has no home directory and gave no other. */
  @Nullable Path known() {
    Path path = given;
    if (path == null) {
      return null;
    }
    if (path.toString().isEmpty()) {
      throw new Refusal("--data-dir is empty; name a directory");
    }
    return real(path.toAbsolutePath().normalize());
  }

  private static Path real(Path wanted) {
    for (Path known = wanted; known != null; known = known.getParent()) {
      try {
        return known.toRealPath().resolve(known.relativize(wanted)).normalize();
      } catch (IOException absent) {
        // What is above it may be there.
      }
    }
    return wanted;
  }

  /** The directory of a cluster that is there or may be made there. */
  Path own() {
    Path path = path();
    List<String> strangers = ClusterDirectory.strangers(path);
    if (!strangers.isEmpty()) {
      throw new Refusal(
          "%s is not a cluster's: it has a %s of something else; choose another with --data-dir"
              .formatted(path, String.join(", ", strangers)));
    }
    return path;
  }

  /** The directory of a cluster that was started at least once. */
  Path existing() {
    Path path = path();
    if (!ClusterDirectory.holdsCluster(path)) {
      throw new Refusal(
          "no cluster in " + path + "; start one with: bulwark up --data-dir " + path);
    }
    return path;
  }
}
