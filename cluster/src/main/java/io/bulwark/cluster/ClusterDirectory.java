package io.bulwark.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** What in a data directory is a cluster's, so that nothing else is ever taken for it. */
public final class ClusterDirectory {
  /** Everything that a cluster keeps is below these. */
  static final List<String> PARTS =
      List.of(
          "audit",
          "containerd",
          "images",
          "kubeconfig",
          "log",
          "node",
          "pki",
          "run",
          "store",
          "vulndb");

  /** One of these is there from the first moment on. */
  private static final List<String> SIGNS =
      List.of(
          "containerd/config.toml",
          "images/layers",
          "log/bulwark.log",
          "pki/ca.crt",
          "run/bulwark.pid",
          "run/progress",
          "run/ranges.properties",
          "store/bulwark.db",
          "vulndb");

  private ClusterDirectory() {}

  /** Whether a cluster, or a part of one, lives in a directory. */
  public static boolean holdsCluster(Path directory) {
    return SIGNS.stream().anyMatch(sign -> Files.exists(directory.resolve(sign)));
  }

  /**
   * What of others would get mixed up with a cluster that started in a directory: entries with the
   * names of a cluster's parts where there is no cluster.
   */
  public static List<String> strangers(Path directory) {
    return holdsCluster(directory)
        ? List.of()
        : PARTS.stream().filter(part -> inUse(directory.resolve(part))).toList();
  }

  private static boolean inUse(Path path) {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      return entries.iterator().hasNext();
    } catch (IOException unreadable) {
      return true;
    }
  }
}
