package io.bulwark.cluster.node.volume;

import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Directories, files and devices of the node that a pod may use.
 *
 * <p>Source: kubernetes.io/docs/concepts/storage/volumes, hostPath types.
 */
final class HostPath {
  private static final int TYPE_BITS = 0170000;
  private static final Map<String, Integer> SPECIAL =
      Map.of("Socket", 0140000, "CharDevice", 0020000, "BlockDevice", 0060000);
  private static final Map<String, String> NAMES =
      Map.of("Socket", "socket", "CharDevice", "character device", "BlockDevice", "block device");

  private HostPath() {}

  static Path check(Tree source) throws VolumeFailure {
    Path path = Path.of(source.textOrEmpty("path"));
    String type = source.textOrEmpty("type");
    try {
      switch (type) {
        case "" -> {
          return path;
        }
        case "DirectoryOrCreate" -> {
          if (!Files.exists(path)) {
            Files.createDirectories(path);
            Modes.set(path, 0755);
          }
          require(Files.isDirectory(path), path, "a directory");
        }
        case "Directory" -> require(Files.isDirectory(path), path, "a directory");
        case "FileOrCreate" -> {
          if (!Files.exists(path)) {
            Files.createFile(path);
            Modes.set(path, 0644);
          }
          require(Files.isRegularFile(path), path, "a file");
        }
        case "File" -> require(Files.isRegularFile(path), path, "a file");
        default -> {
          Integer bits = SPECIAL.get(type);
          boolean fits =
              bits != null
                  && Files.exists(path)
                  && ((Integer) Files.getAttribute(path, "unix:mode") & TYPE_BITS) == bits;
          require(fits, path, "a " + NAMES.getOrDefault(type, type));
        }
      }
    } catch (IOException refused) {
      throw new VolumeFailure("hostPath type check failed: " + refused.getMessage(), refused);
    }
    return path;
  }

  private static void require(boolean fits, Path path, String what) throws VolumeFailure {
    if (!fits) {
      throw new VolumeFailure("hostPath type check failed: " + path + " is not " + what);
    }
  }
}
