package io.bulwark.cluster.image.inventory.system;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Databases of text: records parted by empty lines, one field a line, its name before a colon,
 * continued by lines that begin with a blank. Only fields that are asked for are kept. Not safe for
 * concurrent use.
 */
final class RecordReader {
  private static final int LONGEST_VALUE = 1 << 16;

  private final InputStream in;
  private final Set<String> wanted;

  RecordReader(InputStream in, Set<String> wanted) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.wanted = wanted;
  }

  /**
   * The wanted fields of the next record that has any, or null at the end.
   *
   * @throws IOException if a wanted field is longer than 64 KiB
   */
  @Nullable Map<String, String> next() throws IOException {
    Map<String, String> fields = new HashMap<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    boolean ended = false;
    while (!ended) {
      int length = line(line);
      ended = length < 0;
      String text = line.toString(StandardCharsets.UTF_8);
      if (text.isBlank() || ended) {
        if (!text.isBlank()) {
          field(text, length, fields);
        }
        if (!fields.isEmpty()) {
          return fields;
        }
      } else {
        field(text, length, fields);
      }
    }
    return null;
  }

  private void field(String line, int length, Map<String, String> fields) throws IOException {
    int colon = line.indexOf(':');
    if (colon <= 0 || Character.isWhitespace(line.charAt(0))) {
      return;
    }
    String name = line.substring(0, colon);
    if (wanted.contains(name)) {
      if (length > LONGEST_VALUE) {
        throw new IOException("a " + name + " of " + length + " bytes");
      }
      fields.put(name, line.substring(colon + 1).strip());
    }
  }

  /** Keeps the beginning of a line; returns its whole length, or -1 for the last of the file. */
  private int line(ByteArrayOutputStream line) throws IOException {
    line.reset();
    int length = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      if (next == '\n') {
        return length;
      }
      if (length <= LONGEST_VALUE) {
        line.write(next);
        length++;
      }
    }
  }
}
