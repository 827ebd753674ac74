package io.bulwark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.vulnerability.VulnerabilityDatabase;
import io.bulwark.cluster.image.vulnerability.feed.Import;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScanCommandTest {
  @TempDir private Path temporary;

  private String scan(String... more) throws IOException {
    Path report = temporary.resolve("report.json");
    String[] fixed = {
      temporary.resolve("root").toString(),
      "--data-dir",
      temporary.resolve("data").toString(),
      "--cache",
      temporary.resolve("cache").toString(),
      "--format",
      "json",
      "--output",
      report.toString()
    };
    CommandLine line = new CommandLine(new ScanCommand());
    String[] all =
        java.util.stream.Stream.of(fixed, more)
            .flatMap(java.util.Arrays::stream)
            .toArray(String[]::new);
    assertEquals(0, line.execute(all));
    return Files.readString(report);
  }

  @Test
  void anArchiveWithoutMetadataIsNamedByItsDigest() throws Exception {
    Path jar = Files.createDirectories(temporary.resolve("root/app")).resolve("renamed.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("a/B.class"));
      zip.write(new byte[] {1, 2, 3});
    }
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    String digest = HexFormat.of().formatHex(sha1.digest(Files.readAllBytes(jar)));
    Path table = temporary.resolve("table");
    Files.writeString(table, digest + " org.example:told:1.2.3\n");
    String without = scan();
    assertTrue(!without.contains("org.example"), without);
    String with = scan("--archive-digests", table.toString());
    assertTrue(with.contains("pkg:maven/org.example/told@1.2.3"), with);
    Files.writeString(table, digest + " org.example:imported:1.2.3\n");
    Path database = VulnerabilityDatabase.below(temporary.resolve("data"));
    new Import(database, InstantSource.system()).run(List.of(table));
    String imported = scan();
    assertTrue(imported.contains("pkg:maven/org.example/imported@1.2.3"), imported);
  }

  private String refused(String... arguments) {
    StringWriter screen = new StringWriter();
    CommandLine line = Bulwark.line().setErr(new PrintWriter(screen, true));
    String[] all =
        Stream.concat(Stream.of("image", "scan", "--no-cache"), Stream.of(arguments))
            .toArray(String[]::new);
    assertEquals(1, line.execute(all));
    assertEquals(1, screen.toString().lines().count(), screen.toString());
    return screen.toString().strip();
  }

  @Test
  void whateverIsWrongEndsWithOneAndIsSaidInOneLine() throws Exception {
    String root = Files.createDirectories(temporary.resolve("root")).toString();
    String data = temporary.resolve("data").toString();
    String text = Files.writeString(temporary.resolve("text"), "hello").toString();
    assertEquals("bulwark: IMAGE is empty", refused(""));
    assertEquals("bulwark: Missing required parameter: 'IMAGE'", refused());
    assertEquals("bulwark: Unknown option: '--bogus'", refused(root, "--bogus"));
    assertEquals("bulwark: there is no ./nothing.tar", refused("./nothing.tar"));
    assertEquals("bulwark: /dev/null is neither a file nor a directory", refused("/dev/null"));
    assertEquals("bulwark: " + text + ": the archive is cut off", refused(text));
    assertEquals(
        "bulwark: --format is one of table, json, cyclonedx, spdx, sarif, not xml",
        refused(root, "--format", "xml"));
    assertEquals(
        "bulwark: --fail-on is one of unknown, none, low, medium, high, critical, not bad",
        refused(root, "--fail-on", "bad"));
    assertTrue(
        refused(root, "--fail-on", "high", "--data-dir", data)
            .startsWith("bulwark: no vulnerability data in " + data));
  }
}
