package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.language.Executable.Section;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * The crates that a Rust program says it was built from, where cargo-auditable built it.
 *
 * <p>Source: cargo-auditable's description of its {@code .dep-v0} section: JSON in a zlib stream.
 */
final class RustAudit {
  private static final int LARGEST = 16 << 20;
  private static final int LARGEST_JSON = 64 << 20;

  private RustAudit() {}

  static List<Component> of(Executable program, String path) throws IOException {
    Section section = program.named(".dep-v0");
    if (section == null) {
      return List.of();
    }
    if (section.size() > LARGEST) {
      throw new IOException("dependency list larger than " + LARGEST + " bytes");
    }
    byte[] json;
    try (InputStream raw = program.file().part(section.offset(), section.size()).from(0);
        InputStream in = new InflaterInputStream(raw)) {
      json = Bounded.read(in, LARGEST_JSON);
    }
    Found found = new Found();
    JsonWalk.document(
        json,
        document ->
            JsonWalk.object(
                document,
                (name, value) -> {
                  if (name.equals("packages")) {
                    JsonWalk.array(value, element -> add(JsonWalk.scalars(element), path, found));
                  } else {
                    value.skipChildren();
                  }
                }));
    return found.list();
  }

  private static void add(Map<String, String> members, String path, Found found) {
    if (!"build".equals(members.get("kind"))) {
      found.add(
          RustCrate.of(
              members.getOrDefault("name", ""), members.getOrDefault("version", ""), path));
    }
  }
}
