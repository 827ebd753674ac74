package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Package databases that are text, one record a package. */
final class TextDatabase {
  private static final int LARGEST = 64 << 20;

  private TextDatabase() {}

  /** Makes a component of a record that has a name and a version; null if it is none. */
  interface Record {
    @Nullable Component component(String name, String version, Map<String, String> fields)
        throws IOException;
  }

  /**
   * The packages of a database.
   *
   * @param wanted the fields that a record is given
   * @param name the field that holds a package's name
   * @param version the field that holds its version
   * @throws IOException if the file is larger than 64 MiB, or damaged
   */
  static List<Component> read(
      ImageFile file, Set<String> wanted, String name, String version, Record record)
      throws IOException {
    if (file.size() > LARGEST) {
      throw new IOException("a package database larger than " + LARGEST + " bytes");
    }
    Found found = new Found();
    try (InputStream in = file.open()) {
      RecordReader records = new RecordReader(in, wanted);
      for (var fields = records.next(); fields != null; fields = records.next()) {
        String named = fields.getOrDefault(name, "");
        String numbered = fields.getOrDefault(version, "");
        if (!named.isEmpty() && !numbered.isEmpty()) {
          found.add(record.component(named, numbered, fields));
        }
      }
    }
    return found.list();
  }
}
