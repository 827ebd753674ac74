package io.bulwark.cluster.image.version;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pairs that the ecosystems' own tests put in order. */
class VersionOrderTest {
  private static void holds(String ecosystem, String one, int sign, String other) {
    VersionOrder order = VersionOrder.of(ecosystem);
    String pair = ecosystem + ": " + one + " and " + other;
    assertEquals(sign, Integer.signum(order.compare(one, other)), pair);
    assertEquals(-sign, Integer.signum(order.compare(other, one)), pair);
  }

  private static void table(String ecosystem, String table) {
    for (String line : table.strip().lines().toList()) {
      String[] words = line.strip().split(" +");
      assertEquals(1, words.length % 2, line);
      for (int i = 0; i + 2 < words.length; i += 2) {
        holds(ecosystem, words[i], List.of("<", "=", ">").indexOf(words[i + 1]) - 1, words[i + 2]);
      }
    }
  }

  private static void ascending(String ecosystem, List<String> versions) {
    for (int i = 0; i < versions.size(); i++) {
      for (int j = 0; j < versions.size(); j++) {
        holds(ecosystem, versions.get(i), Integer.compare(i, j), versions.get(j));
      }
    }
  }

  /** Source: dpkg, lib/dpkg/t/t-version.c; the rest is policy 5.6.12. */
  @Test
  void debian() {
    table(
        "Debian:12",
        """
        1:0 < 2:0
        0:1-1 < 0:2-1
        0:1-1 < 0:1-2
        0:0-0 = 0-0
        0:0-00 = 0:00-0
        1:2-3 = 1:2-3
        0:0-0 < 1:0-0
        0:a-0 < 0:b-0
        0:0-a < 0:0-b
        0 = 0:0 = 0:0- = 0:0-0
        0:0.0-0.0 = 0.0-0.0
        0:0-0-0 = 0-0-0
        0:0:0-0 = 0:0:0-0
        0:09azAZ.-+~:-0 = 09azAZ.-+~:-0
        1.0~rc1 < 1.0 < 1.0+b1 < 1.0.1
        1.0~~ < 1.0~~a < 1.0~ < 1.0 < 1.0a
        1:1.2.11.dfsg-4 < 1:1.2.11.dfsg-4.1 < 1:1.2.13.dfsg-1
        2.36-9+deb12u1 < 2.36-9+deb12u10
        7.88.1-10+deb12u5 < 7.88.1-10+deb12u12
        """);
    assertEquals(0, VersionOrder.of("Debian").compare("  \t0:0-1", "0:0-1\t "));
  }

  /** Source: rpm, tests/rpmvercmp.at; the lines with a caret: rpm-version(7). */
  @Test
  void rpm() {
    table(
        "Red Hat:9",
        """
        1.0 = 1.0 < 2.0
        2.0 < 2.0.1 < 2.0.1a
        5.5p1 < 5.5p2 < 5.5p10
        10xyz < 10.1xyz
        xyz10 < xyz10.1
        xyz.4 < 8
        xyz.4 < 2
        5.5p2 < 5.6p1 < 6.5p1
        6.0 < 6.0.rc1
        10a1 < 10b2
        10a2 < 10b2
        1.0a < 1.0aa
        10.0001 = 10.1
        10.0001 < 10.0039
        4.999.9 < 5.0
        20101121 < 20101122
        2_0 = 2.0
        a+ = a_ = a
        +a = _a
        +_ = _+
        + = _
        1.0~rc1 < 1.0
        1.0~rc1 < 1.0~rc2
        1.0~rc1~git123 < 1.0~rc1
        1.0 < 1.0^ < 1.0^git1 < 1.0^git2 < 1.01
        1.0^git1 < 1.0.1
        1.0^20160101 < 1.0.1
        1.0~rc1^git1 < 1.0
        1.0^git1~pre < 1.0^git1
        0:1.0-1 = 1.0-1
        1:1.0-1 > 2.0-1
        1:3.0.7-6.el9_2 < 1:3.0.7-16.el9_2 < 1:3.0.7-24.el9
        """);
  }

  /** Source: apk-tools, test/version.data. */
  @Test
  void alpine() {
    table(
        "Alpine:v3.20",
        """
        2.34 > 0.1.0_alpha
        23_foo > 4_beta
        1.0 < 1.0bc
        0.1.0_alpha = 0.1.0_alpha < 0.1.3_alpha
        0.1.0_alpha < 0.1.0_alpha2
        2.2.39-r1 > 1.0.4-r3 < 1.0.4-r4 < 1.6 > 1.0.2 > 0.7-r1 < 1.0.0
        1.1 > 1.1_alpha1 < 1.2.1 > 1.2 < 1.3_alpha < 1.3_alpha2 < 1.3_alpha3
        0.8_beta4 < 4.8-r1 > 3.10.18-r1 > 2.3.0b-r1 < 2.3.0b-r2
        0.13_beta5 > 0.9.12 < 0.9.13 > 0.0.16 < 0.6
        3.1_p16 < 3.1_p17 > 1.06-r6 < 006 > 1.0.0
        9.3.4-r2 > 9.3.4 > 9.3.2
        2.59 < 20050718-r1 < 20050718-r2 > 3.9.8-r5 > 2.01.01_alpha10 > 0.94
        1.0 > 0.99.3.20040818 > 0.7
        1.39 > 1.00_beta2 > 0.9.2
        6.4 > 2.6-r5
        7.15.1-r1 > 1.02 < 1.03-r1 < 1.12.12-r2
        4.2.52_p2-r1 < 4.2.52_p4-r2 > 1.02.07 < 1.02.10-r1 < 3.0.3-r9
        9 > 2.18.3-r10 > 1.05-r18 < 1.05-r19 < 2.2.5
        2.11-r1 > 2.11 > 0.1.6-r3 < 0.47-r1
        20060720 > 3.0.20060720
        0.7.18-r2 < 0.17-r6
        4.1.4-r1 > 1.2.10-r5
        2.5.1-r8 < 2.5.1a-r1
        20040401 > 2.0.0_rc3-r1 > 1.5
        3.0.0-r2 < 021109-r3 < 20060512
        3.9_pre20060124 > 0.01 < 0.06
        1.1.7 < 6b-r7 > 1.12-r7
        0.10.0 < 0.10.1_rc1 > 0.9.11 < 394
        2.10.1 > 02.08.01b < 4.77
        5.1 > 2.02.06 < 2.02.10 < 2.8.5-r3
        1.6d > 1.2.07.8 < 1.2.12.04 < 1.2.12.05 < 1.3.3
        1.07.5 > 1.07 < 1.19
        0.1_pre20060810 < 0.1_pre20060817
        4.20 > 0.20070118 < 0.20070207_rc1 < 1.0
        4.3_p2-r1 < 4.3_p2-r5 < 4.4_p1-r6 < 4.5_p1-r1 > 4.5_p1
        0.9.8c-r1 < 0.9.8d
        2.2.3-r2 < 013 < 014-r1 > 1.3.1-r1
        1.8.4-r3 < 1.8.5 < 1.8.5_p2 > 1.1.3
        0.98 < 1.00 < 4.1.4-r1
        2.9.11_pre20051101-r2 < 2.9.11_pre20051101-r3 > 2.9.11_pre20051101
        2.6.1.3-r1 > 2.6.1.3
        1.6.8_p12-r1 > 1.6.8_p9-r2
        0.9.28.1 < 087-r1 < 103 < 104-r11 > 104-r9
        2.12r-r4 < 2.12r-r5 > 0.0.7
        7.0.17 < 7.0.174
        1.3-r0 < 1.3.1-r0
        1.3_pre1-r1 < 1.3.2
        1.0_p10-r0 > 1.0_p9-r0
        0.1.0_alpha_pre2 < 0.1.0_alpha
        1.0.0_pre20191002222144-r0 < 1.0.0_pre20210530193627-r0
        """);
  }

  /** Source: Maven, ComparableVersionTest. */
  @Test
  void maven() {
    ascending(
        "Maven",
        List.of(
            "1-alpha2snapshot",
            "1-alpha2",
            "1-alpha-123",
            "1-beta-2",
            "1-beta123",
            "1-m2",
            "1-m11",
            "1-rc",
            "1-cr2",
            "1-rc123",
            "1-SNAPSHOT",
            "1",
            "1-sp",
            "1-sp2",
            "1-sp123",
            "1-abc",
            "1-def",
            "1-pom-1",
            "1-1-snapshot",
            "1-1",
            "1-2",
            "1-123"));
    ascending(
        "Maven",
        List.of(
            "2.0", "2.0.a", "2-1", "2.0.2", "2.0.123", "2.1.0", "2.1-a", "2.1b", "2.1-c", "2.1-1",
            "2.1.0.1", "2.2", "2.123", "11.a2", "11.a11", "11.b2", "11.b11", "11.m2", "11.m11",
            "11", "11.a", "11b", "11c", "11m"));
    table(
        "Maven",
        """
        1 = 1.0 = 1.0.0 = 1-0 = 1.0-0
        1a = 1-a = 1.0-a = 1.0.0-a = 1.0a = 1.0.0a
        1x = 1-x = 1.0-x = 1.0.0-x = 1.0x = 1.0.0x
        1cr = 1rc
        1a1 = 1-alpha-1
        1b2 = 1-beta-2
        1m3 = 1-milestone-3 = 1MILESTONE3
        1X = 1x
        1GA = 1 = 1final = 1release = 1RELeaSE = 1FinaL
        1 < 2
        1 < 2.5
        1.5 < 2
        1.0.0 < 1.1 < 1.2.0
        1.0-alpha-1 < 1.0-alpha-2 < 1.0-beta-1 < 1.0-SNAPSHOT < 1.0
        1.0-alpha-1-SNAPSHOT < 1.0-alpha-1
        1.0 < 1.0-1 < 1.0-2
        2.0-1 < 2.0.1
        2.0.1 < 2.0.1-klm < 2.0.1-lmn
        2.0.1-xyz < 2.0.1-123
        0.7 < 2
        0.2 < 1.0.7
        1 > é
        7 > J
        7 > c
        aardvark < zebra
        6.1.0rc3 < 6.1.0 < 6.1H.5-beta
        20190126.230843 < 1234567890.12345 < 123456789012345.1H.5-beta < 12345678901234567890.1H.5-beta
        0000000000000000001 = 01 = 1
        0000000000000000000 = 00 = 0
        1-0.alpha < 1
        1-0.beta < 1
        2.12.1 < 2.12.2 < 2.15.0 < 2.17.1
        9.0.0.M1 < 9.0.0.M9 < 9.0.0 < 9.0.85
        """);
  }

  /** Source: npm/node-semver, test/fixtures/comparisons.js. */
  @Test
  void npm() {
    table(
        "npm",
        """
        0.0.0 > 0.0.0-foo
        0.0.1 > 0.0.0
        1.0.0 > 0.9.9
        0.10.0 > 0.9.0
        0.99.0 > 0.10.0
        2.0.0 > 1.2.3
        v0.0.0 > 0.0.0-foo
        1.2.3 > 1.2.3-asdf
        1.2.3 > 1.2.3-4
        1.2.3 > 1.2.3-4-foo
        1.2.3-5-foo > 1.2.3-5
        1.2.3-5 > 1.2.3-4
        1.2.3-5-foo > 1.2.3-5-Foo
        3.0.0 > 2.7.2+asdf
        1.2.3-a.10 > 1.2.3-a.5
        1.2.3-a.b > 1.2.3-a.5
        1.2.3-a.b > 1.2.3-a
        1.2.3-a.b.c.10.d.5 > 1.2.3-a.b.c.5.d.100
        1.2.3-r2 > 1.2.3-r100
        1.2.3-r100 > 1.2.3-R2
        =1.2.3 = v1.2.3 = 1.2.3+build
        """);
  }

  /** Source: golang.org/x/mod/semver, semver_test.go, valid versions; go.dev/doc/toolchain. */
  @Test
  void go() {
    ascending(
        "Go",
        List.of(
            "v1.0.0-alpha",
            "v1.0.0-alpha.1",
            "v1.0.0-alpha.beta",
            "v1.0.0-beta",
            "v1.0.0-beta.2",
            "v1.0.0-beta.11",
            "v1.0.0-rc.1",
            "v1.0.0",
            "v1.2.0",
            "v1.2.3-456",
            "v1.2.3-456.789",
            "v1.2.3-456-789",
            "v1.2.3-456a",
            "v1.2.3-pre",
            "v1.2.3-pre.1",
            "v1.2.3-zzz",
            "v1.2.3"));
    table(
        "Go",
        """
        v1 = v1.0 = v1.0.0
        v1.2.3+meta = v1.2.3+meta-pre.sha.256a = v1.2.3
        v1.19 > v1.2
        bad < v1.0.0-alpha
        v2.0.0+incompatible = 2.0.0
        v0.0.0-20190101000000-abcdefabcdef < v0.0.0-20200101000000-000000000000 < v0.0.1
        v1.2.4-0.20200101000000-abcdefabcdef > v1.2.3
        v1.2.4-0.20200101000000-abcdefabcdef < v1.2.4
        go1.2rc1 < go1.2
        go1.21rc2 < go1.21rc10 < go1.21.0 = 1.21.0 < go1.21.4
        1.22.0-rc.1 = go1.22rc1
        go1.9.2 < go1.10
        """);
  }

  /** Source: pypa/packaging, tests/test_version.py. */
  @Test
  void python() {
    List<String> versions =
        List.of(
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0b2-346",
            "1.0c1.dev456",
            "1.0c1",
            "1.0rc2",
            "1.0c3",
            "1.0",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.1.dev1",
            "1.2+123abc",
            "1.2+123abc456",
            "1.2+abc",
            "1.2+abc123",
            "1.2+abc123def",
            "1.2+1234.abc",
            "1.2+123456",
            "1.2.r32+123456",
            "1.2.rev33+123456");
    ascending(
        "PyPI",
        java.util.stream.Stream.concat(
                versions.stream(), versions.stream().map(version -> "1!" + version))
            .toList());
    table(
        "PyPI",
        """
        1.0dev = 1.0.dev0 = 1.0-DEV = 1.0-dev0
        1.0a = 1.0.a0 = 1.0-alpha0 = 1.0.ALPHA = 1.0alpha.0
        1.0c1 = 1.0rc1 = 1.0-preview-1 = 1.0_pre_1
        1.0post = 1.0.post0 = 1.0-r = 1.0-0 = 1.0REV0
        1.0+Ubuntu-1 = 1.0+ubuntu.1 = 1.0+ubuntu_1
        v1.0 = 1.0.0 = 1 = 001
        french-toast < 0.dev1
        """);
  }

  /** Source: docs.ruby-lang.org, Gem::Version, "Comparing versions". */
  @Test
  void ruby() {
    table(
        "RubyGems",
        """
        1.0 = 1 = 1.0.0
        1.0.a < 1.0.b < 1.0
        1.0.a10 > 1.0.a9
        1.0.rc1 < 1.0
        2.0.0-1 < 2.0.0
        3.9 < 3.10
        """);
  }

  /** Source: learn.microsoft.com, "NuGet package versioning". */
  @Test
  void nuget() {
    table(
        "NuGet",
        """
        1.0 = 1.0.0.0 < 1.0.0.1
        1.0.1-rc.2 < 1.0.1-rc.10 < 1.0.1-Zulu < 1.0.1
        1.0.0-Alpha = 1.0.0-ALPHA
        """);
  }

  @ParameterizedTest
  @CsvSource({
    "Debian:12,1.0~a,1.0",
    "Ubuntu:22.04:LTS,1.0~a,1.0",
    "Red Hat:enterprise_linux:9::baseos,1.0~a,1.0",
    "Alpine:v3.20,1.0_rc1,1.0",
    "Maven:https://example.org,1.0-rc,1.0",
    "crates.io,1.0.0-a,1.0.0"
  })
  void theReleaseDoesNotMatter(String ecosystem, String older, String newer) {
    holds(ecosystem, older, -1, newer);
  }

  @Test
  void whatIsTooLongComesFirst() {
    String huge = "9".repeat(VersionOrder.LONGEST + 1);
    for (String ecosystem : List.of("Debian", "Red Hat", "Alpine", "Maven", "npm", "PyPI", "Go")) {
      holds(ecosystem, huge, -1, "0");
      holds(ecosystem, huge, 0, huge);
      holds(ecosystem, "1-".repeat(VersionOrder.LONGEST), -1, "0");
    }
  }
}
