package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.fuzz.Target;
import io.bulwark.cluster.image.inventory.system.Release;
import java.io.ByteArrayInputStream;
import java.util.List;

/** What tells a distribution, for the fuzzer. */
public final class AssemblyTargets {
  private AssemblyTargets() {}

  public static List<Target> all() {
    return List.of(
        Target.text(
            "os-release",
            List.of(
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n",
                "ID=alpine\nVERSION_ID=3.20.1\n",
                "ID='ubuntu'\nVERSION_ID=\"22.04\"\n",
                "ID=\"sles\"\nVERSION_ID=\"15.5\"\n",
                "ID=debian\nVERSION_CODENAME=trixie\n"),
            List.of(
                "ID=", "VERSION_ID=", "\"", "'", "\\\"", "\\$", "=", "\n", ".", "rhel", "_alpha"),
            input -> Release.ecosystem(OsRelease.read(new ByteArrayInputStream(input)))));
  }
}
