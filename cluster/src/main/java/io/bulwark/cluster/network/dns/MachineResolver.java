package io.bulwark.cluster.network.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a machine says which name servers it asks.
 *
 * <p>Source: kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution, known issues.
 */
public final class MachineResolver {
  private static final String USUAL = "etc/resolv.conf";

  /** The servers behind the stub of systemd-resolved, which answers on the loopback only. */
  private static final String BEHIND_THE_STUB = "run/systemd/resolve/resolv.conf";

  private MachineResolver() {}

  /**
   * The resolver configuration for pods that take over the machine's: {@code /etc/resolv.conf}, or
   * that of systemd-resolved where the former names nothing but loopback addresses, which are a
   * pod's own.
   *
   * @param root of the machine's file system, normally {@code /}
   * @return a path below the root; the file need not exist
   */
  public static Path forPods(Path root) {
    Path usual = root.resolve(USUAL);
    Path behind = root.resolve(BEHIND_THE_STUB);
    return servers(usual).stream().allMatch(InetAddress::isLoopbackAddress)
            && !servers(behind).isEmpty()
        ? behind
        : usual;
  }

  /** The name servers of a resolver configuration; an unreadable file or line names none. */
  static List<InetAddress> servers(Path configuration) {
    List<InetAddress> servers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(configuration)) {
        String[] words = line.trim().split("\\s+");
        if (words.length >= 2 && words[0].equals("nameserver")) {
          add(servers, words[1]);
        }
      }
    } catch (IOException unreadable) {
      // Names outside of the cluster then fail, which the client is told.
    }
    return servers;
  }

  private static void add(List<InetAddress> servers, String address) {
    try {
      servers.add(InetAddress.ofLiteral(address));
    } catch (IllegalArgumentException noAddress) {
      // The next line may name one.
    }
  }
}
