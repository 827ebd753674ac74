package io.bulwark.cluster.image.inventory.language;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The main section of an archive's manifest, read leniently: what cannot be read is left out. */
final class Manifest {
  static final Manifest NONE = new Manifest(Map.of());

  private final Map<String, String> attributes;

  private Manifest(Map<String, String> attributes) {
    this.attributes = attributes;
  }

  static Manifest read(byte[] bytes) {
    Map<String, String> attributes = new TreeMap<>();
    String name = "";
    StringBuilder value = new StringBuilder();
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\r\n|\n|\r", -1)) {
      if (line.startsWith(" ")) {
        value.append(line, 1, line.length());
        continue;
      }
      keep(attributes, name, value);
      int colon = line.indexOf(':');
      if (colon <= 0) {
        name = "";
        if (line.isEmpty() && !attributes.isEmpty()) {
          break;
        }
        continue;
      }
      name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      value.append(line, colon + 1, line.length());
    }
    keep(attributes, name, value);
    return new Manifest(attributes);
  }

  private static void keep(Map<String, String> attributes, String name, StringBuilder value) {
    if (!name.isEmpty()) {
      attributes.putIfAbsent(name, value.toString().strip());
    }
    value.setLength(0);
  }

  /** An attribute, quotes taken off; empty where there is none. */
  String text(String name) {
    String value = attributes.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).strip()
        : value;
  }

  /** An OSGi header without its directives. */
  String symbolicName() {
    String value = text("Bundle-SymbolicName");
    int semicolon = value.indexOf(';');
    return (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
  }
}
