package io.bulwark.cluster.image.inventory.language;

import com.google.re2j.Pattern;
import io.bulwark.cluster.image.inventory.Component;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Distributions of the Python Package Index as components. */
final class PythonLibrary {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern VERSION = Pattern.compile("[vV]?[0-9][0-9A-Za-z.!+_-]*");
  private static final Pattern SEPARATORS = Pattern.compile("[-_.]+");

  private PythonLibrary() {}

  /** The component, its name normalized as PEP 503 says; null where the parts are no such thing. */
  static @Nullable Component of(String name, String version, String path) {
    if (name.length() > 256
        || version.length() > 256
        || !NAME.matches(name)
        || !VERSION.matches(version)) {
      return null;
    }
    String normal = SEPARATORS.matcher(name).replaceAll("-").toLowerCase(Locale.ROOT);
    return new Component(
        normal,
        version,
        "PyPI",
        Purls.of("pypi", null, normal, version),
        path,
        null,
        Component.Kind.LIBRARY);
  }
}
