package io.bulwark.cluster.network.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeRoutesTest {
  private static Tree node(String name, String range, String address) {
    return Tree.of(
        "metadata", Tree.of("name", name),
        "spec", Tree.of("podCIDR", range),
        "status",
            Tree.of("addresses", TreeList.of(Tree.of("type", "InternalIP", "address", address))));
  }

  @Test
  void aSharedLinkMakesARouteDirect() {
    List<NodeRoutes> routes =
        NodeRoutes.of(
            List.of(
                node("me", "10.244.0.0/24", "192.168.1.5"),
                node("near", "10.244.1.0/24", "192.168.1.200"),
                node("far", "10.244.2.0/24", "192.168.2.9"),
                node("new", "", "192.168.1.7")),
            "me",
            List.of("192.168.1.5/24"));
    assertEquals(
        List.of(
            new NodeRoutes("far", "10.244.2.0/24", "192.168.2.9", false),
            new NodeRoutes("near", "10.244.1.0/24", "192.168.1.200", true)),
        routes);
    assertEquals("10.244.2.0", routes.getFirst().tunnelAddress());
    assertEquals("02:62:c0:a8:02:09", routes.getFirst().tunnelLinkAddress());
  }

  @Test
  void prefixesContainTheirAddressesOnly() {
    assertTrue(NodeRoutes.contains("10.0.0.0/8", "10.255.1.2"));
    assertFalse(NodeRoutes.contains("10.0.0.128/25", "10.0.0.127"));
    assertTrue(NodeRoutes.contains("0.0.0.0/0", "203.0.113.9"));
    assertFalse(NodeRoutes.contains("10.0.0.1/32", "10.0.0.2"));
  }
}
