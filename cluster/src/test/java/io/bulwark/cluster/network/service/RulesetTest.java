package io.bulwark.cluster.network.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.network.kernel.CommandKernel;
import io.bulwark.cluster.network.service.ServicePort.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gives rendered tables to the real nft, in a network namespace of the test's own. */
class RulesetTest {
  private static final NetworkRanges RANGES =
      new NetworkRanges("10.244.0.0/16", "10.96.0.0/16", "10.96.0.10");

  private final CommandKernel kernel = new CommandKernel();
  private final RulesetRendering rendering = new RulesetRendering("bulwark", RANGES);
  private final String namespace = "bw-rules-" + ProcessHandle.current().pid();

  @BeforeEach
  void makeNamespace() {
    kernel.run(List.of("ip", "netns", "add", namespace), "");
  }

  @AfterEach
  void removeNamespace() {
    kernel.run(List.of("ip", "netns", "delete", namespace), "");
  }

  private static ServicePort port(String name, String address, int nodePort, int... hosts) {
    return affine(name, address, nodePort, 0, hosts);
  }

  private static ServicePort affine(
      String name, String address, int nodePort, long seconds, int... hosts) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int host : hosts) {
      endpoints.add(new Endpoint("10.244.0." + host, 8080));
    }
    return new ServicePort(
        name, List.of(address), "tcp", 80, nodePort, endpoints, endpoints, seconds, false, false);
  }

  private String nft(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "nft"));
    command.addAll(List.of(arguments));
    return kernel.run(command, "");
  }

  private void apply(String script) {
    kernel.run(List.of("ip", "netns", "exec", namespace, "nft", "-f", "-"), script);
  }

  private String table() {
    return nft("-n", "list", "table", "ip", "bulwark");
  }

  @Test
  void theChangeLeadsWhereTheWholeTableLeads() {
    List<List<ServicePort>> history =
        List.of(
            List.of(port("a/web", "10.96.0.5", 0, 2, 3)),
            List.of(port("a/web", "10.96.0.5", 30080, 3), port("b/db", "10.96.0.6", 0)),
            List.of(affine("a/web", "10.96.0.5", 30080, 60, 3, 4), port("b/db", "10.96.0.6", 0, 9)),
            List.of(port("b/db", "10.96.0.7", 30081)),
            List.of());
    Ruleset before = rendering.render(List.of());
    apply(before.create());
    for (List<ServicePort> step : history) {
      Ruleset next = rendering.render(step);
      apply(next.changeFrom(before));
      List<String> changed = table().lines().sorted().toList();
      apply(next.create());
      assertEquals(table().lines().sorted().toList(), changed);
      before = next;
    }
  }

  @Test
  void equalTablesNeedNoChange() {
    List<ServicePort> ports = List.of(port("a/web", "10.96.0.5", 30080, 2, 3));
    assertEquals("", rendering.render(ports).changeFrom(rendering.render(ports)));
  }

  @Test
  void aServiceWithoutEndpointsIsRejectedAndNotForwarded() {
    apply(rendering.render(List.of(port("b/db", "10.96.0.6", 30081))).create());
    String table = table();
    assertTrue(table.contains("10.96.0.6 . 6 . 80 : goto reject-all"), table);
    assertTrue(table.contains("6 . 30081 : goto reject-all"), table);
  }
}
