package io.bulwark.cluster.image.version;

import io.bulwark.cluster.image.fuzz.Target;
import java.util.List;

/** The orders of versions, for the fuzzer: two of them in a line each, and what orders promise. */
public final class VersionTargets {
  private static final List<String> WORDS =
      List.of(
          "\n",
          ".",
          "-",
          "~",
          "^",
          "+",
          ":",
          "_",
          "!",
          "0",
          "1",
          "9".repeat(20),
          "alpha",
          "rc1",
          "SNAPSHOT",
          "Final",
          "-r0",
          "_pre",
          "_p",
          ".dev0",
          ".post1",
          "v",
          "+incompatible",
          "sp",
          "~~",
          "00",
          "\u0663",
          "ga");

  private VersionTargets() {}

  public static List<Target> all() {
    return List.of(
        target("version-dpkg", "Debian", "1:1.2.13.dfsg-1~deb12u1\n1:1.2.13.dfsg-1+b1"),
        target("version-rpm", "Red Hat", "1:5.2~rc1-1.el9\n5.2^git1-2.el9_1"),
        target("version-apk", "Alpine", "3.3.1_alpha2-r1\n3.3.1a_p1-r0"),
        target("version-maven", "Maven", "2.0-beta9\n2.0.0.Final-SNAPSHOT"),
        target("version-pypi", "PyPI", "1!2.0rc1.post2.dev3+local.1\n2.0a1"),
        target("version-ruby", "RubyGems", "1.0.0.pre1\n1.0.0-rc.2"),
        target("version-semantic", "npm", "1.0.0-alpha.1+b\n1.0.0-rc.10"),
        target("version-go", "Go", "v0.0.0-20240101000000-abcdefabcdef\nv2.0.0+incompatible"),
        target("version-nuget", "NuGet", "1.0.0.1-Beta\n1.0.0"));
  }

  private static Target target(String name, String ecosystem, String sample) {
    VersionOrder order = VersionOrder.of(ecosystem);
    return Target.text(
        name,
        List.of(sample, "1.0\n1.0"),
        WORDS,
        input -> {
          String both = Target.text(input);
          int end = both.indexOf('\n');
          String one = end < 0 ? both : both.substring(0, end);
          String other = both.substring(end + 1);
          int compared = order.compare(one, other);
          if (Integer.signum(compared) != -Integer.signum(order.compare(other, one))) {
            throw new AssertionError("not the other way round: " + one + " and " + other);
          }
          if (order.compare(one, one) != 0) {
            throw new AssertionError("not the same as itself: " + one);
          }
        });
  }
}
