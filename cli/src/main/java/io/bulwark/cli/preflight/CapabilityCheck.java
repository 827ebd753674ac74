package io.bulwark.cli.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Root in a container may lack capabilities that a node needs. */
final class CapabilityCheck implements Check {
  private static final int NET_ADMIN = 12;
  private static final int SYS_ADMIN = 21;
  private static final int SYS_RESOURCE = 24;

  @Override
  public List<Finding> look(Machine machine) {
    if (!machine.node()) {
      return List.of();
    }
    long effective;
    try {
      effective =
          Files.readAllLines(machine.proc().resolve("self/status")).stream()
              .filter(line -> line.startsWith("CapEff:"))
              .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
              .findFirst()
              .orElse(-1);
    } catch (IOException unreadable) {
      return List.of(Finding.warning("cannot read /proc/self/status", unreadable.toString()));
    }
    if ((effective >> NET_ADMIN & 1) == 0 || (effective >> SYS_ADMIN & 1) == 0) {
      return List.of(
          Finding.fatal(
              "CAP_NET_ADMIN or CAP_SYS_ADMIN is missing",
              "run on the machine itself or in a privileged container"));
    }
    if ((effective >> SYS_RESOURCE & 1) == 0) {
      return List.of(
          Finding.warning(
              "CAP_SYS_RESOURCE is missing",
              "containers run, but their out-of-memory scores cannot be lowered"));
    }
    return List.of();
  }
}
