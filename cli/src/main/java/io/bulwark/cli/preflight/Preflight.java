package io.bulwark.cli.preflight;

import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which their findings are best read. */
public final class Preflight {
  private static final List<Check> CHECKS =
      List.of(
          new RootCheck(),
          new PortCheck(),
          new DiskCheck(),
          new ClockCheck(),
          new ControlGroupCheck(),
          new KernelFeatureCheck(),
          new CapabilityCheck(),
          new ContainerdCheck(),
          new FirewallCheck());

  private Preflight() {}

  public static List<Finding> look(Machine machine) {
    List<Finding> findings = new ArrayList<>();
    for (Check check : CHECKS) {
      findings.addAll(check.look(machine));
    }
    return findings;
  }
}
