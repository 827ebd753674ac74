package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.cluster.image.inventory.Component;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeCatalogerTest {
  private final RuntimeCataloger cataloger = new RuntimeCataloger();

  @Test
  void readsTheReleaseFile() throws IOException {
    List<Component> found =
        cataloger.catalog(
            MemoryFile.of(
                "/opt/java/release",
                """
                IMPLEMENTOR="Eclipse Adoptium"
                JAVA_RUNTIME_VERSION="17.0.8+7"
                JAVA_VERSION="17.0.8"
                """));
    assertEquals(1, found.size());
    assertEquals("temurin 17.0.8+7", MemoryFile.text(found.getFirst()));
    assertEquals(Component.Kind.RUNTIME, found.getFirst().kind());
    assertEquals("pkg:generic/eclipse/temurin@17.0.8%2B7", found.getFirst().purl());
  }

  @Test
  void leavesADistributionsRuntimeToItsPackages() throws IOException {
    String release = "IMPLEMENTOR=\"%s\"\nJAVA_VERSION=\"17.0.8\"\n";
    assertEquals(
        List.of(),
        MemoryFile.of("/usr/lib/jvm/java-17/release", release.formatted("Debian"))
            .found(cataloger));
    assertEquals(
        List.of(),
        MemoryFile.of("/usr/lib/jvm/java-17/release", release.formatted("Red Hat, Inc."))
            .found(cataloger));
    assertEquals(
        List.of("openjdk 17.0.8"),
        MemoryFile.of("/opt/jdk/release", release.formatted("Red Hat, Inc.")).found(cataloger));
  }

  @Test
  void ignoresOtherReleaseFiles() throws IOException {
    assertEquals(List.of(), MemoryFile.of("/a/release", "7.4\n").found(cataloger));
    assertEquals(List.of(), MemoryFile.of("/a/release", "JAVA_VERSION=\\u12").found(cataloger));
  }
}
