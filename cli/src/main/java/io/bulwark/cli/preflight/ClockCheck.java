package io.bulwark.cli.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Certificates are only as good as the clock. */
final class ClockCheck implements Check {
  private static final Instant RELEASE = Instant.parse("2026-04-01T00:00:00Z");

  @Override
  public List<Finding> look(Machine machine) {
    Instant now = Instant.now();
    String remedy = "set the clock, for example with: timedatectl set-ntp true";
    if (now.isBefore(RELEASE)) {
      return List.of(
          Finding.fatal("the clock says " + now + ", before this version was made", remedy));
    }
    Path authority = machine.dataDirectory().resolve("pki/ca.crt");
    try {
      if (Files.exists(authority)
          && Files.getLastModifiedTime(authority).toInstant().isAfter(now.plusSeconds(60))) {
        return List.of(
            Finding.fatal("the clock says " + now + ", before the cluster was made", remedy));
      }
    } catch (IOException unreadable) {
      return List.of(Finding.warning("cannot read " + authority, unreadable.toString()));
    }
    return List.of();
  }
}
