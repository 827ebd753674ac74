package io.bulwark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted with a cluster is the cluster's, and nothing else. */
class TeardownTest {
  @TempDir Path directory;

  @Test
  void whatOthersHaveThereStays() throws Exception {
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.createDirectories(data.resolve("store"));
    Files.writeString(data.resolve("store/bulwark.db"), "");
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("mine"), "");
    Files.createSymbolicLink(data.resolve("node"), elsewhere);
    Files.writeString(data.resolve("notes"), "");
    Teardown.wipe(data);
    try (var left = Files.list(data)) {
      assertEquals(List.of(data.resolve("notes")), left.toList());
    }
    assertTrue(Files.exists(elsewhere.resolve("mine")));
    Files.delete(data.resolve("notes"));
    Teardown.wipe(data);
    assertFalse(Files.exists(data));
  }

  @Test
  void nothingIsDeletedThroughAMount() throws Exception {
    Path data = Files.createDirectories(directory.resolve("data"));
    Path mine = Files.createDirectories(directory.resolve("mine"));
    Files.writeString(mine.resolve("file"), "");
    Path point = Files.createDirectories(data.resolve("node/pods/uid/volume"));
    run("mount", "--bind", mine.toString(), point.toString());
    try {
      IOException refusal = assertThrows(IOException.class, () -> Teardown.wipe(data));
      assertEquals(
          "nothing was deleted, since something is mounted at " + point, refusal.getMessage());
      assertTrue(Files.exists(mine.resolve("file")));
    } finally {
      run("umount", point.toString());
    }
  }

  @Test
  void aDirectoryOfOthersIsToldFromACluster() throws Exception {
    assertEquals(List.of(), ClusterDirectory.strangers(directory));
    Files.createDirectories(directory.resolve("run/other"));
    Files.createDirectories(directory.resolve("log"));
    assertEquals(List.of("run"), ClusterDirectory.strangers(directory));
    assertFalse(ClusterDirectory.holdsCluster(directory));
    Files.writeString(directory.resolve("run/ranges.properties"), "");
    assertEquals(List.of(), ClusterDirectory.strangers(directory));
    assertTrue(ClusterDirectory.holdsCluster(directory));
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
