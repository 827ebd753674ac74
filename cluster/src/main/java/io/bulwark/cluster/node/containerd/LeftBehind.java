package io.bulwark.cluster.node.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ends what outlived a containerd. */
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

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }
}
