package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.image.inventory.assembly.HostSoftware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a machine is and has.
 *
 * @param memory bytes
 * @param storage bytes of the file system that holds the node's directory
 */
public record MachineFacts(long processors, long memory, long storage, Tree nodeInfo) {
  public static MachineFacts read(Path directory) throws IOException {
    return new MachineFacts(
        Runtime.getRuntime().availableProcessors(),
        readMemory(),
        Files.getFileStore(directory).getTotalSpace(),
        readNodeInfo());
  }

  private static long readMemory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IOException("/proc/meminfo has no MemTotal");
  }

  private static Tree readNodeInfo() {
    return Tree.of(
        "architecture", ImageConfiguration.machine(),
        "bootID", first("/proc/sys/kernel/random/boot_id"),
        "kernelVersion", first("/proc/sys/kernel/osrelease"),
        "machineID", first("/etc/machine-id"),
        "operatingSystem", "linux",
        "osImage", osImage(),
        "systemUUID", systemId());
  }

  private static String systemId() {
    String id = first("/sys/class/dmi/id/product_uuid");
    return id.isEmpty() ? first("/etc/machine-id") : id;
  }

  private static String osImage() {
    try {
      String name = HostSoftware.distribution(Path.of("/")).name();
      return name.isEmpty() ? "Linux" : name;
    } catch (IOException unreadable) {
      return "Linux";
    }
  }

  private static String first(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** Whether the kernel enforces AppArmor profiles and the runtime can load them. */
  static boolean appArmor() {
    return first("/sys/module/apparmor/parameters/enabled").startsWith("Y")
        && Files.exists(Path.of("/sbin/apparmor_parser"));
  }

  /** Bytes of memory that programs could still get. */
  public static long availableMemory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return Long.MAX_VALUE;
  }
}
