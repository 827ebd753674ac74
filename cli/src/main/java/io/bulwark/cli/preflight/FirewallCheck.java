package io.bulwark.cli.preflight;

import io.bulwark.cluster.ClusterConfiguration;
import io.bulwark.cluster.network.service.NetworkRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** firewalld and ufw drop forwarded packets unless they are told not to. */
final class FirewallCheck implements Check {
  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> findings = new ArrayList<>();
    if (!machine.node()) {
      return findings;
    }
    NetworkRanges ranges = ClusterConfiguration.ranges(machine.dataDirectory());
    if (Files.exists(Path.of("/run/firewalld.pid"))) {
      findings.add(
          Finding.warning(
              "firewalld is active and may drop traffic of pods",
              "allow it: firewall-cmd --permanent --zone=trusted --add-source=%s --add-source=%s && firewall-cmd --reload"
                  .formatted(ranges.pods(), ranges.services())));
    }
    try {
      Path ufw = Path.of("/etc/ufw/ufw.conf");
      if (Files.exists(ufw) && Files.readString(ufw).contains("ENABLED=yes")) {
        findings.add(
            Finding.warning(
                "ufw is active and may drop traffic of pods",
                "allow it: ufw route allow from %1$s && ufw allow from %1$s"
                    .formatted(ranges.pods())));
      }
    } catch (IOException unreadable) {
      findings.add(Finding.warning("cannot read /etc/ufw/ufw.conf", unreadable.toString()));
    }
    return findings;
  }
}
