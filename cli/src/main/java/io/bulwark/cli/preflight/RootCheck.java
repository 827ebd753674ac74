package io.bulwark.cli.preflight;

import java.util.List;

/** Containers need root; simulated nodes do not. */
final class RootCheck implements Check {
  @Override
  public List<Finding> look(Machine machine) {
    if (!machine.node() || "root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    return List.of(
        Finding.fatal(
            "running containers needs root",
            "use sudo, or --simulated-nodes N for a cluster without containers"));
  }
}
