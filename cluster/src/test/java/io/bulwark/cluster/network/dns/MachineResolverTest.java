package io.bulwark.cluster.network.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineResolverTest {
  private static final String USUAL = "etc/resolv.conf";
  private static final String BEHIND = "run/systemd/resolve/resolv.conf";

  @TempDir private Path root;

  @Test
  void podsAreToldTheServersBehindAStubOnTheLoopback() throws IOException {
    write(USUAL, "# by systemd-resolved\nnameserver 127.0.0.53\noptions edns0 trust-ad\n");
    assertEquals(root.resolve(USUAL), MachineResolver.forPods(root), "there is nothing better");
    write(BEHIND, "nameserver 192.0.2.53\nsearch example.org\n");
    assertEquals(root.resolve(BEHIND), MachineResolver.forPods(root));
    write(USUAL, "nameserver 192.0.2.54\n");
    assertEquals(root.resolve(USUAL), MachineResolver.forPods(root));
    write(USUAL, "nameserver 127.0.0.53\n");
    write(BEHIND, "# no servers\n");
    assertEquals(root.resolve(USUAL), MachineResolver.forPods(root));
  }

  @Test
  void linesThatNameNoServerAreLeftOut() throws IOException {
    write(USUAL, "; nameserver 192.0.2.1\nnameserver\nnameserver x\n nameserver 2001:db8::1 #\n");
    assertEquals(
        List.of(InetAddress.ofLiteral("2001:db8::1")),
        MachineResolver.servers(root.resolve(USUAL)));
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
