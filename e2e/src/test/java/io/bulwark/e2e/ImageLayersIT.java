package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of examples/images-layers: a vulnerable component in each layer is found there. */
class ImageLayersIT {
  private static final Path EXAMPLE = Program.HOME.resolve("examples/images-layers");
  private static final Path ARTIFACTS = Program.HOME.resolve("e2e/target/artifacts");

  @TempDir Path temporary;

  @Test
  void eachFindingNamesItsLayerAndItsFix() {
    String database = imported();
    String image = image("vulnerable");
    Tree report = scan(3, image, "--db", database, "--fail-on", "medium");
    Map<String, String> found = new TreeMap<>();
    for (Tree finding : report.trees("findings")) {
      found.put(
          finding.textOrEmpty("id"),
          "%s in %s, fixed in %s"
              .formatted(
                  finding.text("componentName"),
                  finding.text("layerRole"),
                  finding.text("fixedVersion")));
    }
    assertEquals(
        Map.of(
            "CVE-2023-5363",
            "libssl3 in distribution, fixed in 3.0.11-1~deb12u2",
            "CVE-2023-22081",
            "openjdk-17-jre-headless in runtime, fixed in 17.0.9+9-1~deb12u1",
            "CVE-2023-24998",
            "org.apache.tomcat:tomcat-coyote in server, fixed in 9.0.71",
            "CVE-2021-44228",
            "org.apache.logging.log4j:log4j-core in application, fixed in 2.15.0"),
        found);
    assertEquals(
        4,
        report.trees("findings").stream()
            .map(finding -> finding.text("layerDigest"))
            .distinct()
            .count());
    Tree mended = scan(3, image("fixed"), "--db", database, "--fail-on", "high");
    assertEquals(
        List.of("application", "server"),
        mended.trees("findings").stream()
            .map(finding -> finding.textOrEmpty("layerRole"))
            .sorted()
            .toList());
  }

  @Test
  void withoutDataComponentsAreListedAndNothingPasses() {
    String image = image("vulnerable");
    String empty = temporary.resolve("nothing").toString();
    Tree report = scan(0, image, "--data-dir", empty);
    assertTrue(report.trees("components").size() > 20);
    for (String[] refused :
        new String[][] {
          {image, "--data-dir", empty, "--fail-on", "high"},
          {image, "--db", empty},
          {image, "--format", "xml"},
          {temporary.resolve("missing.tar").toString()}
        }) {
      String[] command = new String[refused.length + 2];
      command[0] = "image";
      command[1] = "scan";
      System.arraycopy(refused, 0, command, 2, refused.length);
      Command.Result result = Program.run(command);
      assertEquals(1, result.code(), result.toString());
      assertEquals(1, result.err().strip().lines().count(), result.toString());
      assertNotEquals("", result.err().strip());
    }
  }

  private String imported() {
    String database = temporary.resolve("db").toString();
    Program.run("vulndb", "import", EXAMPLE.resolve("advisories").toString(), "--db", database)
        .ok();
    return database;
  }

  private String image(String versions) {
    Path out = temporary.resolve("image-" + versions);
    return Command.run(
            Duration.ofMinutes(1),
            Map.of("VERSIONS", versions),
            List.of(
                EXAMPLE.resolve("build").toString(),
                out.toString(),
                ARTIFACTS.resolve("tomcat.tar.gz").toString(),
                ARTIFACTS.resolve("log4j-core-2.14.1.jar").toString()))
        .ok()
        .out()
        .strip();
  }

  private Tree scan(int code, String image, String... options) {
    String[] fixed = {"image", "scan", image, "--format", "json", "--cache", cache()};
    String[] command = java.util.Arrays.copyOf(fixed, fixed.length + options.length);
    System.arraycopy(options, 0, command, fixed.length, options.length);
    Command.Result result = Program.run(command);
    assertEquals(code, result.code(), result.toString());
    return Json.read(result.out().getBytes(StandardCharsets.UTF_8));
  }

  private String cache() {
    return temporary.resolve("cache").toString();
  }
}
