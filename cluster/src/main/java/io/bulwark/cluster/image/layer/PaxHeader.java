package io.bulwark.cluster.image.layer;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What extended headers say of the entry that follows them; a later one wins. */
final class PaxHeader {
  private @Nullable String path;
  private @Nullable String link;
  private long size = -1;

  @Nullable String path() {
    return path;
  }

  @Nullable String link() {
    return link;
  }

  void path(String value) {
    path = value;
  }

  void link(String value) {
    link = value;
  }

  /** The size that counts. */
  long size(long fromHeader) {
    return size >= 0 ? size : fromHeader;
  }

  /** Records of the form {@code LENGTH KEY=VALUE\n}. */
  void read(byte[] records) throws RefusedImage {
    int at = 0;
    while (at < records.length && records[at] != 0) {
      int blank = at;
      long length = 0;
      while (blank < records.length && records[blank] >= '0' && records[blank] <= '9') {
        length = Math.min(length * 10 + records[blank] - '0', Integer.MAX_VALUE);
        blank++;
      }
      long end = at + length;
      if (blank == at
          || blank >= records.length
          || records[blank] != ' '
          || end > records.length
          || end <= blank + 1) {
        throw new RefusedImage("a damaged extended header");
      }
      String record = new String(records, blank + 1, (int) end - blank - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals > 0) {
        set(record.substring(0, equals), record.substring(equals + 1));
      }
      at = (int) end;
    }
  }

  private void set(String key, String value) throws RefusedImage {
    switch (key) {
      case "path", "GNU.sparse.name" -> path = value;
      case "linkpath" -> link = value;
      case "size" -> {
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(Character::isDigit)) {
          throw new RefusedImage("a damaged size in an extended header");
        }
        size = Long.parseLong(value);
      }
      default -> {}
    }
  }
}
