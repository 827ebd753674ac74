package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Installed Python distributions, by the metadata that installers leave: wheels' {@code
 * x.dist-info/METADATA}, eggs' {@code EGG-INFO/PKG-INFO}, packed or not, and {@code x.egg-info}, a
 * file or a directory.
 */
final class PythonCataloger implements Cataloger {
  private static final int HEADERS = 1 << 20;
  private static final String EGG = ".egg";

  @Override
  public boolean reads(String path) {
    return path.endsWith(".dist-info/METADATA")
        || path.endsWith(".egg-info/PKG-INFO")
        || path.endsWith("/EGG-INFO/PKG-INFO")
        || path.endsWith(".egg-info")
        || path.endsWith(EGG);
  }

  private static byte[] start(InputStream in) throws IOException {
    try (in) {
      return Bounded.start(in, HEADERS);
    }
  }

  /** The metadata of an egg that is imported without being unpacked. */
  private static byte[] packed(ImageFile file) throws IOException {
    ZipDirectory directory = ZipDirectory.read(Window.of(file));
    if (directory == null) {
      throw new IOException("an egg that is no zip archive");
    }
    for (ZipDirectory.Entry entry : directory.entries()) {
      if (entry.name().equals("EGG-INFO/PKG-INFO")) {
        return start(directory.open(entry));
      }
    }
    return new byte[0];
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    byte[] start = file.path().endsWith(EGG) ? packed(file) : start(file.open());
    String name = "";
    String version = "";
    for (String line : new String(start, StandardCharsets.UTF_8).split("\r?\n", -1)) {
      if (line.isEmpty() || (!name.isEmpty() && !version.isEmpty())) {
        break;
      }
      int colon = line.indexOf(':');
      if (colon > 0 && line.charAt(0) != ' ' && line.charAt(0) != '\t') {
        String value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
          case "name" -> name = value;
          case "version" -> version = value;
          default -> {}
        }
      }
    }
    Component component = PythonLibrary.of(name, version, file.path());
    return component == null ? List.of() : List.of(component);
  }
}
