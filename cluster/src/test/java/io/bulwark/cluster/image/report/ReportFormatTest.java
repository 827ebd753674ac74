package io.bulwark.cluster.image.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spdx.jacksonstore.MultiFormatStore;
import org.spdx.library.SpdxModelFactory;
import org.spdx.library.model.v2.SpdxDocument;
import org.spdx.storage.simple.InMemSpdxStore;

class ReportFormatTest {
  @Test
  void namesItsFormats() {
    assertEquals(List.of("table", "json", "cyclonedx", "spdx", "sarif"), ReportFormat.names());
    assertEquals(Optional.of(ReportFormat.SARIF), ReportFormat.named("sarif"));
    assertEquals(Optional.empty(), ReportFormat.named("TABLE"));
  }

  @Test
  void jsonIsTheContractOfScripts() {
    Tree json = Json.read(ReportFormat.JSON.write(Samples.report()));
    assertEquals("registry.example/shop:1", json.text("reference"));
    assertEquals(Samples.DIGEST, json.text("digest"));
    assertEquals("debian", json.text("distribution", "id"));
    assertEquals("server", json.trees("layers").get(1).text("role"));
    assertEquals(List.of("/bad.jar: not a zip archive"), json.texts("problems"));
    Tree component = json.trees("components").get(1);
    assertEquals("org.apache.tomcat:tomcat", component.text("name"));
    assertEquals("9.0.70", component.text("version"));
    assertEquals("Maven", component.text("ecosystem"));
    assertEquals("pkg:maven/org.apache.tomcat/tomcat@9.0.70", component.text("purl"));
    assertEquals("/opt/tomcat/lib/catalina.jar", component.text("path"));
    assertEquals("sha256:" + "2".repeat(64), component.text("layerDigest"));
    assertEquals("server", component.text("layerRole"));
    Tree worst = json.trees("findings").getFirst();
    assertEquals("CVE-2025-24813", worst.text("id"));
    assertEquals(List.of("GHSA-83qj-6fr2-vhqg"), worst.texts("aliases"));
    assertEquals("critical", worst.text("severity"));
    assertEquals(9.8, worst.at("score"));
    assertEquals("pkg:maven/org.apache.tomcat/tomcat@9.0.70", worst.text("componentPurl"));
    assertEquals("9.0.99", worst.text("fixedVersion"));
    assertEquals("server", worst.text("layerRole"));
    Tree unfixed = json.trees("findings").getLast();
    assertTrue(unfixed.containsKey("fixedVersion") && unfixed.get("fixedVersion") == null);
    assertTrue(unfixed.containsKey("score") && unfixed.get("score") == null);
  }

  @Test
  void theTableFitsATerminal() {
    String table = new String(ReportFormat.TABLE.write(Samples.report()), StandardCharsets.UTF_8);
    assertTrue(table.lines().allMatch(line -> line.length() <= 100), table);
    List<String> lines = table.lines().toList();
    int layer = lines.indexOf("layer 2  server  1 component  sha256:222222222222");
    assertTrue(layer > 0, table);
    assertTrue(
        table.contains(
            "critical  9.8    CVE-2025-24813  org.apache.tomcat:tomcat  9.0.70   9.0.99"),
        table);
    assertTrue(table.contains("2 findings: 1 critical, 1 low"), table);
    assertTrue(table.contains("1 file could not be read:"), table);
  }

  @Test
  void theTableKeepsAnImagesTextFromTheTerminal() {
    String table =
        new String(
            ReportFormat.TABLE.write(Samples.named("\u001b[2Jx\r\n\u202e".repeat(40))),
            StandardCharsets.UTF_8);
    assertFalse(table.contains("\u001b") || table.contains("\r") || table.contains("\u202e"));
    assertTrue(table.lines().allMatch(line -> line.length() <= 100), table);
  }

  @ParameterizedTest
  @EnumSource(ReportFormat.class)
  void theOrderOfWhatIsReportedDoesNotMatter(ReportFormat format) {
    Report report = Samples.report();
    List<io.bulwark.cluster.image.vulnerability.Finding> findings =
        new ArrayList<>(report.findings());
    Collections.reverse(findings);
    Report other =
        new Report(
            Samples.reversed(report.inventory()),
            findings,
            report.created(),
            report.serial(),
            report.toolVersion());
    byte[] bytes = format.write(report);
    assertArrayEquals(bytes, format.write(other));
    assertEquals('\n', bytes[bytes.length - 1]);
  }

  @Test
  void cycloneDxIsValid() throws IOException {
    validCycloneDx(Samples.report());
    validCycloneDx(Samples.directory());
  }

  @Test
  void spdxIsValid() throws Exception {
    validSpdx(Samples.report());
    validSpdx(Samples.directory());
  }

  @Test
  void sarifIsValid() throws IOException {
    validSarif(Samples.report());
    validSarif(Samples.directory());
  }

  @Property(tries = 60)
  void anyTextMakesValidDocuments(@ForAll String name) throws Exception {
    Report report = Samples.named("n" + name);
    validCycloneDx(report);
    validSarif(report);
    assertEquals("n" + name, Json.read(ReportFormat.JSON.write(report)).text("reference"));
    ReportFormat.SPDX.write(report);
    ReportFormat.TABLE.write(report);
  }

  private static void validCycloneDx(Report report) throws IOException {
    byte[] document = ReportFormat.CYCLONEDX.write(report);
    assertEquals(List.of(), new JsonParser().validate(document, Version.VERSION_16));
  }

  private static void validSarif(Report report) throws IOException {
    try (InputStream in =
        ReportFormatTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(Objects.requireNonNull(in), InputFormat.JSON);
      String document = new String(ReportFormat.SARIF.write(report), StandardCharsets.UTF_8);
      assertEquals(List.of(), schema.validate(document, InputFormat.JSON));
    }
  }

  private static void validSpdx(Report report) throws Exception {
    System.setProperty("org.spdx.useJARLicenseInfoOnly", "true");
    SpdxModelFactory.init();
    try (MultiFormatStore store =
        new MultiFormatStore(new InMemSpdxStore(), MultiFormatStore.Format.JSON)) {
      SpdxDocument document =
          (SpdxDocument)
              store.deSerialize(new ByteArrayInputStream(ReportFormat.SPDX.write(report)), false);
      assertEquals(List.of(), document.verify());
    }
  }
}
