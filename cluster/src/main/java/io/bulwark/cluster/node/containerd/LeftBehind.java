package io.bulwark.cluster.node.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ends and unmounts what outlived a containerd. */
final class LeftBehind {
  private LeftBehind() {}

  /** Ends the shims that serve the containerd of a socket; their containers end with them. */
  static void endShims(Path socket) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String command = commandLine(process);
        if (command.contains("containerd-shim") && command.contains("\0" + socket + "\0")) {
          long pid = Long.parseLong(String.valueOf(process.getFileName()));
          ProcessHandle.of(pid)
              .ifPresent(
                  shim -> {
                    shim.descendants().forEach(ProcessHandle::destroyForcibly);
                    shim.destroyForcibly();
                  });
        }
      }
    }
  }

  /** Unmounts everything mounted below a directory, innermost first. */
  static void unmountBelow(Path directory) throws IOException, InterruptedException {
    List<String> points = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String point = line.split(" ", 6)[4].replace("\\040", " ");
      if (point.startsWith(directory + "/")) {
        points.add(point);
      }
    }
    for (String point : points.reversed()) {
      new ProcessBuilder("umount", "-l", point).inheritIO().start().waitFor();
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }
}
