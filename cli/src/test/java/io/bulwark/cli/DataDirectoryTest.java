package io.bulwark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path directory;

  @Test
  void linksAreFollowedAsFarAsTheyExist() throws Exception {
    Path real = Files.createDirectories(directory.toRealPath().resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    assertEquals(real, DataDirectory.of(link.toString()).path());
    assertEquals(real.resolve("a/b"), DataDirectory.of(link + "/a/x/../b").path());
  }

  @Test
  void anEmptyNameIsNoDirectory() {
    Refusal refusal = assertThrows(Refusal.class, () -> DataDirectory.of("").path());
    assertEquals("--data-dir is empty; name a directory", refusal.getMessage());
  }

  @Test
  void whatHoldsSomethingElseIsRefused() throws Exception {
    Files.createDirectories(directory.resolve("run/other"));
    Path real = directory.toRealPath();
    assertEquals(
        real
            + " is not a cluster's: it has a run of something else; choose another with --data-dir",
        assertThrows(Refusal.class, () -> DataDirectory.of(directory.toString()).own())
            .getMessage());
    assertThrows(Refusal.class, () -> DataDirectory.of(directory.toString()).existing());
  }
}
