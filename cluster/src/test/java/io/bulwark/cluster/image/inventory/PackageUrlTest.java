package io.bulwark.cluster.image.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Source: purl-spec, tests/types. */
class PackageUrlTest {
  @Test
  void writesTheCanonicalForm() {
    assertEquals(
        "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64",
        PackageUrl.of("deb", "debian", "attr", "1:2.4.47-2+b1", Map.of("arch", "amd64")));
    assertEquals(
        "pkg:npm/%40angular/animation@12.3.1",
        PackageUrl.of("npm", "@angular", "animation", "12.3.1", Map.of()));
    assertEquals(
        "pkg:golang/github.com/gorilla/context@v1.0.0",
        PackageUrl.of("golang", "github.com/Gorilla", "context", "v1.0.0", Map.of()));
    assertThrows(
        IllegalArgumentException.class, () -> PackageUrl.of("deb", "debian", "", "1", Map.of()));
  }
}
