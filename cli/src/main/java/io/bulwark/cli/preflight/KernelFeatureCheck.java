package io.bulwark.cli.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Overlay file systems, network namespaces and nftables. */
final class KernelFeatureCheck implements Check {
  /** A slow machine may have to load the modules first. */
  private static final long LIMIT_SECONDS = 60;

  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> findings = new ArrayList<>();
    if (!machine.node()) {
      return findings;
    }
    if (!Files.exists(machine.proc().resolve("self/ns/net"))) {
      findings.add(Finding.fatal("the kernel has no network namespaces", "it needs CONFIG_NET_NS"));
    }
    try {
      Path systems = machine.proc().resolve("filesystems");
      if (!Files.readString(systems).contains("overlay") && !succeeds("modprobe", "overlay")) {
        findings.add(
            Finding.warning(
                "the kernel has no overlay file system",
                "image layers will be copied, which is slower and larger"));
      }
    } catch (IOException unreadable) {
      findings.add(Finding.warning("cannot read /proc/filesystems", unreadable.toString()));
    }
    if (!succeeds("nft", "list", "tables")) {
      findings.add(
          Finding.fatal(
              "nft cannot read the kernel's tables",
              "Services need nftables (CONFIG_NF_TABLES) and the nftables package"));
    }
    return findings;
  }

  private static boolean succeeds(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
