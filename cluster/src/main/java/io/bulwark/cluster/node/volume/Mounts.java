package io.bulwark.cluster.node.volume;

import io.bulwark.cluster.platform.MountPoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Mounts of the node, through the mount command. */
final class Mounts {
  private Mounts() {}

  /**
   * @param size in bytes, or 0 for the kernel's own limit
   */
  static void tmpfs(Path target, long size, String mode) throws IOException {
    String options = "mode=" + mode + (size > 0 ? ",size=" + size : "") + ",noswap";
    try {
      run("mount", "-t", "tmpfs", "-o", options, "tmpfs", target.toString());
    } catch (IOException olderKernel) {
      run("mount", "-t", "tmpfs", "-o", options.replace(",noswap", ""), "tmpfs", target.toString());
    }
  }

  static void bind(String source, Path target, boolean readOnly) throws IOException {
    run("mount", "--bind", source, target.toString());
    if (readOnly) {
      run("mount", "-o", "remount,bind,ro", target.toString());
    }
  }

  static boolean mounted(Path target) throws IOException {
    return MountPoints.below(target).contains(target.toString());
  }

  /** Unmounts everything at and below a directory, innermost first. */
  static void unmountBelow(Path directory) throws IOException {
    for (String point : MountPoints.below(directory).reversed()) {
      run("umount", "-l", point);
    }
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output.strip());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IOException(command[0] + " was interrupted", stopping);
    }
  }
}
