package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Programs that name what they were built from: Go's all do, Rust's where they were told to. */
final class ProgramCataloger implements Cataloger {
  private static final Set<String> EXTENSIONS = Set.of("so", "exe", "dll", "bin", "node", "dylib");
  private static final List<String> NEVER =
      List.of(
          "/etc/", "/proc/", "/sys/", "/dev/", "/usr/include/", "/usr/share/", "/var/lib/dpkg/");

  /**
   * Names without an extension, those of programs and libraries, and versions that look like one.
   */
  @Override
  public boolean reads(String path) {
    int slash = path.lastIndexOf('/');
    int dot = path.lastIndexOf('.');
    if (NEVER.stream().anyMatch(path::startsWith)) {
      return false;
    }
    if (dot <= slash + 1) {
      return dot <= slash;
    }
    String extension = path.substring(dot + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension)
        || (!extension.isEmpty() && Words.digit(extension.charAt(0)) && !path.endsWith(".gz"));
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    Window window = Window.of(file);
    Executable program = Executable.read(window);
    if (program == null) {
      return List.of();
    }
    List<Component> found = new ArrayList<>(RustAudit.of(program, file.path()));
    GoBuildInformation go = GoBuildInformation.read(program);
    if (go != null) {
      found.addAll(GoModules.of(go, file.path()));
    }
    return found;
  }
}
