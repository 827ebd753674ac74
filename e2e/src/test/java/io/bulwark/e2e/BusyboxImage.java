package io.bulwark.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A root file system with Debian's busybox and the libraries it needs, and the image made of it.
 */
final class BusyboxImage {
  static final String NAME = "registry.bulwark.local/busybox:1";

  static final Path BUSYBOX = Program.HOME.resolve(".tools/busybox/bin/busybox");
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+\\.so\\S*) \\(");

  private BusyboxImage() {}

  static void importInto(Path dataDirectory, Path scratch) throws IOException {
    Path root = scratch.resolve("busybox-rootfs");
    if (!Files.exists(root)) {
      for (String directory : List.of("bin", "etc", "tmp", "root", "proc", "sys", "dev", "www")) {
        Files.createDirectories(root.resolve(directory));
      }
      Files.copy(BUSYBOX, root.resolve("bin/busybox"));
      root.resolve("bin/busybox").toFile().setExecutable(true, false);
      libraries(root);
      Files.copy(Kubectl.newest(root).program(), root.resolve("bin/kubectl"));
      root.resolve("tmp").toFile().setWritable(true, false);
      Files.writeString(
          root.resolve("etc/passwd"),
          "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n");
      Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
      Command.run(Duration.ofSeconds(30), Map.of(), List.of(BUSYBOX.toString(), "--list"))
          .ok()
          .out()
          .lines()
          .filter(applet -> !applet.equals("busybox"))
          .forEach(applet -> link(root.resolve("bin").resolve(applet)));
    }
    Program.run(
            "image",
            "build",
            "--data-dir",
            dataDirectory.toString(),
            "--from",
            root.toString(),
            "--tag",
            NAME,
            "--cmd",
            "sh")
        .ok();
  }

  /** Copies what the dynamic linker would load, under the same names. */
  private static void libraries(Path root) throws IOException {
    String needed =
        Command.run(Duration.ofSeconds(30), Map.of(), List.of("ldd", BUSYBOX.toString()))
            .ok()
            .out();
    Matcher library = LIBRARY.matcher(needed);
    while (library.find()) {
      Path copy = root.resolve(library.group(1).substring(1));
      Files.createDirectories(copy.getParent());
      Files.copy(Path.of(library.group(1)), copy);
    }
  }

  private static void link(Path applet) {
    try {
      Files.createSymbolicLink(applet, Path.of("busybox"));
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }
}
