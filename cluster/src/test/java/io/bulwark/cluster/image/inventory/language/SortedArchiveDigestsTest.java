package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedArchiveDigestsTest {
  @TempDir Path directory;

  @Test
  void findsEveryLineAndNothingElse() throws IOException {
    Random random = new Random(7);
    TreeMap<String, String> table = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      byte[] digest = new byte[20];
      random.nextBytes(digest);
      table.put(HexFormat.of().formatHex(digest), "group" + "x".repeat(i % 90) + ":artifact:" + i);
    }
    StringBuilder text = new StringBuilder();
    table.forEach((digest, name) -> text.append(digest).append(' ').append(name).append('\n'));
    Path file = Files.writeString(directory.resolve("table"), text);
    try (SortedArchiveDigests digests = SortedArchiveDigests.open(file)) {
      table.forEach(
          (digest, name) -> {
            Coordinates found = digests.find(HexFormat.of().parseHex(digest));
            assertEquals(name, found == null ? null : found.name() + ":" + found.version());
          });
      for (int i = 0; i < 200; i++) {
        byte[] other = new byte[20];
        random.nextBytes(other);
        assertNull(digests.find(other));
      }
      assertNull(digests.find(new byte[20]));
    }
  }

  @Test
  void bearsFilesOfAnotherForm() throws IOException {
    for (String text : new String[] {"", "\n\n\n", "x".repeat(5000), "00 a:b\n", "a b\nc d\n"}) {
      Path file = Files.writeString(directory.resolve("odd" + text.length()), text);
      try (SortedArchiveDigests digests = SortedArchiveDigests.open(file)) {
        assertNull(digests.find(new byte[20]));
      }
    }
  }
}
