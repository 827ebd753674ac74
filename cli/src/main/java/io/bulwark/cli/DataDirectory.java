package io.bulwark.cli;

import java.nio.file.Files;
import java.nio.file.Path;
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
    return path == null ? null : path.toAbsolutePath().normalize();
  }

  /** The directory of a cluster that was started at least once. */
  Path existing() {
    Path path = path();
    if (!Files.isDirectory(path.resolve("run"))) {
      throw new Refusal(
          "no cluster in " + path + "; start one with: bulwark up --data-dir " + path);
    }
    return path;
  }
}
