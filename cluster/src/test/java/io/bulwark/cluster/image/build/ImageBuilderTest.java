package io.bulwark.cluster.image.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {
  @TempDir Path temporary;

  @Test
  void equalDirectoriesGiveEqualArchivesWhateverTheTimes() throws Exception {
    Path first = archive("a", FileTime.from(1, TimeUnit.DAYS));
    Path second = archive("b", FileTime.from(2, TimeUnit.DAYS));
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
  }

  @Test
  void namesAreCompleted() {
    assertEquals("docker.io/library/busybox:latest", Reference.of("busybox").text());
    assertEquals("docker.io/a/b:1", Reference.of("a/b:1").text());
    assertEquals("localhost/a:latest", Reference.of("localhost/a").text());
    assertEquals("host:5000/a:latest", Reference.of("host:5000/a").text());
    assertThrows(IllegalArgumentException.class, () -> Reference.of("Upper/Case"));
    assertThrows(IllegalArgumentException.class, () -> Reference.of("a b"));
  }

  @Test
  void thePauseProgramWaitsAndEndsWhenAsked() throws Exception {
    Path program = temporary.resolve("pause");
    Files.write(program, PauseProgram.executable(ImageConfiguration.machine()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process process = new ProcessBuilder(program.toString()).start();
    assertFalse(process.waitFor(200, TimeUnit.MILLISECONDS));
    process.destroy();
    assertTrue(process.waitFor(5, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
  }

  private Path archive(String name, FileTime time) throws Exception {
    Path rootfs = temporary.resolve(name);
    Files.createDirectories(rootfs.resolve("bin"));
    Path file = Files.writeString(rootfs.resolve("bin/tool"), "content");
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString("rwsr-xr-x".replace('s', 'x')));
    Files.createSymbolicLink(rootfs.resolve("bin/link"), Path.of("tool"));
    Files.createLink(rootfs.resolve("bin/same"), file);
    Files.setLastModifiedTime(file, time);
    Path archive = temporary.resolve(name + ".tar");
    ImageBuilder.build(
        rootfs, Reference.of("x/y:1"), ImageConfiguration.running("/bin/tool"), archive);
    return archive;
  }
}
