package io.bulwark.cluster.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a pod's volumes.
 *
 * @param group the pod's fsGroup: owns the files, and directories hand it on; null for none
 * @param user owns the files of token volumes; null for root
 */
public record Ownership(@Nullable Long group, @Nullable Long user) {
  public static final Ownership ROOT = new Ownership(null, null);

  /** Gives a directory and all below it to the group. */
  void applyBelow(Path directory) throws IOException {
    if (group == null && user == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        apply(path);
      }
    }
  }

  private void apply(Path path) throws IOException {
    if (user != null) {
      Files.setAttribute(path, "unix:uid", user.intValue(), LinkOption.NOFOLLOW_LINKS);
    }
    if (group == null) {
      return;
    }
    Files.setAttribute(path, "unix:gid", group.intValue(), LinkOption.NOFOLLOW_LINKS);
    if (!Files.isSymbolicLink(path)) {
      boolean directory = Files.isDirectory(path);
      Modes.set(path, Modes.get(path) | (directory ? 02770 : 0440) | groupWrite(path));
    }
  }

  private static int groupWrite(Path path) throws IOException {
    return (Modes.get(path) & 0200) != 0 ? 0020 : 0;
  }
}
