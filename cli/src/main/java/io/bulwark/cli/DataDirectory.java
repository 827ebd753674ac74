package io.bulwark.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that every command shares: which cluster it is about. */
final class DataDirectory {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where the cluster lives (default: /var/lib/bulwark for root, ~/.bulwark otherwise).")
  private Path given = defaultPath();

  static DataDirectory of(String given) {
    DataDirectory directory = new DataDirectory();
    directory.given = Path.of(given);
    return directory;
  }

  static Path defaultPath() {
    return "root".equals(System.getProperty("user.name"))
        ? Path.of("/var/lib/bulwark")
        : Path.of(System.getProperty("user.home"), ".bulwark");
  }

  Path path() {
    return given.toAbsolutePath().normalize();
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
