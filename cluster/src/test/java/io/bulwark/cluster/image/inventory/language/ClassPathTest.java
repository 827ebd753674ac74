package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real archives: those that this project is built with, whose coordinates their paths tell. */
class ClassPathTest {
  /** Its classes lie in two packages that share no more than {@code org}. */
  private static final List<String> KNOWN_MISSES = List.of("org.jetbrains:annotations");

  private final ArchiveCataloger cataloger = new ArchiveCataloger(ArchiveDigests.NONE);

  private static List<Path> archives() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<Path> archives = new ArrayList<>();
    for (String each : path.split(File.pathSeparator, -1)) {
      Path archive = Path.of(each);
      int count = archive.getNameCount();
      if (each.endsWith(".jar")
          && count > 4
          && archive
              .getName(count - 1)
              .toString()
              .startsWith(archive.getName(count - 3) + "-" + archive.getName(count - 2))) {
        archives.add(archive);
      }
    }
    return archives;
  }

  @Test
  void namesEveryDependencyAsItsRepositoryDoes() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<Path> archives = archives();
    for (Path archive : archives) {
      int count = archive.getNameCount();
      String version = archive.getName(count - 2).toString();
      String artifact = archive.getName(count - 3).toString();
      String parents = archive.subpath(0, count - 3).toString().replace(File.separatorChar, '.');
      List<String> found =
          new MemoryFile("/app/" + archive.getFileName(), Files.readAllBytes(archive))
              .found(cataloger);
      boolean right =
          found.stream()
              .anyMatch(
                  each -> {
                    String group = each.substring(0, Math.max(0, each.indexOf(':')));
                    return each.equals(group + ":" + artifact + " " + version)
                        && parents.endsWith("." + group);
                  });
      if (!right && KNOWN_MISSES.stream().noneMatch(miss -> miss.endsWith(":" + artifact))) {
        wrong.add(archive + " is taken for " + found);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(archives.size() > 40, "only " + archives.size() + " archives on the class path");
  }
}
