package io.bulwark.cluster.image.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any text. */
class VersionOrderProperties {
  private static final List<String> TOTAL =
      List.of("Debian", "Red Hat", "Alpine", "npm", "PyPI", "Go", "NuGet");

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
            "0",
            "1",
            "2",
            "10",
            "007",
            ".",
            "-",
            "~",
            "^",
            "+",
            "_",
            ":",
            "a",
            "rc",
            "beta",
            "dev",
            "post",
            "alpha",
            "r1",
            "_p",
            "!",
            "v",
            "go",
            "final",
            "SNAPSHOT",
            "é",
            " ",
            "\u0000")
        .list()
        .ofMaxSize(8)
        .map(list -> String.join("", list));
  }

  @Property(tries = 2000)
  void eachOrderIsTotal(
      @ForAll("pieces") String a, @ForAll("pieces") String b, @ForAll("pieces") String c) {
    for (String ecosystem : TOTAL) {
      VersionOrder order = VersionOrder.of(ecosystem);
      int ab = Integer.signum(order.compare(a, b));
      int bc = Integer.signum(order.compare(b, c));
      assertEquals(-ab, Integer.signum(order.compare(b, a)), ecosystem);
      if (ab == bc) {
        assertEquals(ab, Integer.signum(order.compare(a, c)), ecosystem);
      }
    }
  }

  @Property(tries = 2000)
  void equalTextsAreEqualAndNothingThrows(@ForAll String a, @ForAll String b) {
    for (String ecosystem : List.of("Maven", "RubyGems", "Debian", "Red Hat", "Alpine", "PyPI")) {
      VersionOrder order = VersionOrder.of(ecosystem);
      assertEquals(0, order.compare(a, a), ecosystem);
      assertEquals(
          -Integer.signum(order.compare(a, b)), Integer.signum(order.compare(b, a)), ecosystem);
    }
  }

  @Property(tries = 2000)
  void mavenReadsAnything(@ForAll("pieces") String a, @ForAll("pieces") String b) {
    VersionOrder order = VersionOrder.of("Maven");
    assertEquals(-Integer.signum(order.compare(a, b)), Integer.signum(order.compare(b, a)));
  }

  @Provide
  Arbitrary<String> debianVersions() {
    return Arbitraries.of(
            "0", "1", "10", "007", ".", "-", "~", "+", "a", "rc", "deb12u1", "dfsg", "Z", "~~")
        .list()
        .ofMaxSize(6)
        .map(list -> "1" + String.join("", list) + "-1")
        .flatMap(text -> Arbitraries.of("", "0:", "1:").map(epoch -> epoch + text));
  }

  @Property(tries = 60)
  void dpkgItselfAgrees(@ForAll("debianVersions") String a, @ForAll("debianVersions") String b)
      throws Exception {
    if (!Files.isExecutable(Path.of("/usr/bin/dpkg"))) {
      return;
    }
    int sign = VersionOrder.of("Debian").compare(a, b);
    assertTrue(dpkg(a, sign < 0 ? "lt" : sign > 0 ? "gt" : "eq", b), a + " " + sign + " " + b);
  }

  private static boolean dpkg(String a, String operator, String b)
      throws IOException, InterruptedException {
    return new ProcessBuilder("/usr/bin/dpkg", "--compare-versions", a, operator, b)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
