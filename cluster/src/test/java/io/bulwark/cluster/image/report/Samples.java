package io.bulwark.cluster.image.report;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.LayerRole;
import io.bulwark.cluster.image.vulnerability.Finding;
import io.bulwark.cluster.image.vulnerability.Severity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Reports to write. */
final class Samples {
  static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final UUID SERIAL = UUID.fromString("3e671687-395b-41f5-a30f-a58921a69b79");
  private static final Component BASH =
      new Component(
          "bash",
          "5.2.15-2+b2",
          "Debian:12",
          "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64",
          "/var/lib/dpkg/status",
          new Component.SourcePackage("bash", "5.2.15-2"),
          Component.Kind.DISTRIBUTION);
  private static final Component TOMCAT =
      new Component(
          "org.apache.tomcat:tomcat",
          "9.0.70",
          "Maven",
          "pkg:maven/org.apache.tomcat/tomcat@9.0.70",
          "/opt/tomcat/lib/catalina.jar",
          null,
          Component.Kind.SERVER);

  private Samples() {}

  static Report report() {
    Inventory inventory =
        new Inventory(
            "registry.example/shop:1",
            DIGEST,
            new Distribution("debian", "12", "Debian GNU/Linux 12 (bookworm)"),
            "debian:12",
            List.of(
                new Inventory.Layer(
                    "sha256:" + "1".repeat(64), 1000, LayerRole.DISTRIBUTION, "ADD /"),
                new Inventory.Layer("sha256:" + "2".repeat(64), 2000, LayerRole.SERVER, "")),
            List.of(new Inventory.Located(TOMCAT, 1), new Inventory.Located(BASH, 0)),
            List.of("/bad.jar: not a zip archive"));
    return new Report(
        inventory,
        List.of(
            new Finding("CVE-2022-3715", List.of(), Severity.LOW, null, BASH, null, 0, ""),
            new Finding(
                "CVE-2025-24813",
                List.of("GHSA-83qj-6fr2-vhqg"),
                Severity.CRITICAL,
                9.8,
                TOMCAT,
                "9.0.99",
                1,
                "Partial PUT lets others run code")),
        CREATED,
        SERIAL,
        "0.1.0");
  }

  /** A directory: no digest, no distribution, no findings. */
  static Report directory() {
    Inventory inventory =
        new Inventory(
            "/srv/root",
            null,
            Distribution.UNKNOWN,
            null,
            List.of(new Inventory.Layer("", 0, LayerRole.APPLICATION, "")),
            List.of(new Inventory.Located(TOMCAT, 0)),
            List.of());
    return new Report(inventory, List.of(), CREATED, SERIAL, "0.1.0");
  }

  /** A report in which an image put this text wherever it may put any. */
  static Report named(String text) {
    Component component =
        new Component(text, text, "npm", "pkg:npm/x@1", "/" + text, null, Component.Kind.LIBRARY);
    Inventory inventory =
        new Inventory(
            text,
            DIGEST,
            new Distribution(text, text, text),
            text,
            List.of(new Inventory.Layer(DIGEST, 1, LayerRole.APPLICATION, text)),
            List.of(new Inventory.Located(component, 0)),
            List.of(text));
    return new Report(
        inventory,
        List.of(new Finding(text, List.of(text), Severity.HIGH, 7.5, component, text, 0, text)),
        CREATED,
        SERIAL,
        "0.1.0");
  }

  static Inventory reversed(Inventory inventory) {
    return new Inventory(
        inventory.reference(),
        inventory.digest(),
        inventory.distribution(),
        inventory.base(),
        inventory.layers(),
        inventory.components().reversed(),
        inventory.problems());
  }
}
