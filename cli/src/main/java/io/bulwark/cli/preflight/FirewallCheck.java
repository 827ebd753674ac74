package io.bulwark.cli.preflight;

import io.bulwark.cluster.ClusterConfiguration;
import io.bulwark.cluster.network.service.NetworkRanges;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
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
    if (runs("firewalld", machine.proc())) {
      findings.add(
          Finding.warning(
              "firewalld is active and may drop traffic of pods",
              "allow it: firewall-cmd --permanent --zone=trusted --add-source=%s --add-source=%s && firewall-cmd --reload"
                  .formatted(ranges.pods(), ranges.services())));
    }
    try {
      Path ufw = machine.etc().resolve("ufw/ufw.conf");
      if (Files.exists(ufw) && Files.readString(ufw).contains("ENABLED=yes")) {
        findings.add(
            Finding.warning(
                "ufw is active and may drop traffic of pods",
                "allow it: ufw route allow from %1$s && ufw allow from %1$s"
                    .formatted(ranges.pods())));
      }
    } catch (IOException unreadable) {
      findings.add(Finding.warning("cannot read the settings of ufw", unreadable.toString()));
    }
    return findings;
  }

  /** Whether a process has this name: services leave no file that says so under every version. */
  private static boolean runs(String name, Path proc) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (name.equals(nameOf(process))) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      return false;
    }
    return false;
  }

  private static String nameOf(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException ended) {
      return "";
    }
  }
}
