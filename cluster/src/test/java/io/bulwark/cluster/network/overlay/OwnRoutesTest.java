package io.bulwark.cluster.network.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.cluster.network.kernel.CommandKernel;
import io.bulwark.cluster.network.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes of a real kernel, in a network namespace of the test's own. */
class OwnRoutesTest {
  private final CommandKernel machine = new CommandKernel();
  private final String namespace = "bw-routes-" + ProcessHandle.current().pid();
  private final Kernel kernel =
      (command, input) -> {
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        inside.addAll(command);
        return machine.run(inside, input);
      };

  @BeforeEach
  void makeNamespace() {
    machine.run(List.of("ip", "netns", "add", namespace), "");
    kernel.run(List.of("ip", "link", "add", "link0", "type", "bridge"), "");
    kernel.run(List.of("ip", "address", "add", "192.168.7.1/24", "dev", "link0"), "");
    kernel.run(List.of("ip", "link", "set", "link0", "up"), "");
  }

  @AfterEach
  void removeNamespace() {
    machine.run(List.of("ip", "netns", "delete", namespace), "");
  }

  @Test
  void onlyOurOwnRoutesAreListedAndDeleted() {
    OwnRoutes ours = new OwnRoutes(1_000_001);
    OwnRoutes others = new OwnRoutes(1_000_002);
    ours.replace(kernel, "10.244.1.0/24", List.of("via", "192.168.7.2"));
    ours.replace(kernel, "10.244.2.0/24", List.of("via", "192.168.7.3"));
    others.replace(kernel, "10.243.1.0/24", List.of("via", "192.168.7.4"));
    kernel.run(List.of("ip", "route", "add", "10.9.0.0/16", "via", "192.168.7.5"), "");
    assertEquals(List.of("10.244.1.0/24", "10.244.2.0/24"), ours.prefixes(kernel));

    ours.replace(kernel, "10.244.1.0/24", List.of("via", "192.168.7.9"));
    assertEquals(List.of("10.244.1.0/24", "10.244.2.0/24"), ours.prefixes(kernel));
    ours.delete(kernel, "10.244.2.0/24");
    assertEquals(List.of("10.244.1.0/24"), ours.prefixes(kernel));
    assertEquals(List.of("10.243.1.0/24"), others.prefixes(kernel));
  }
}
