package io.bulwark.cluster.controller.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlicePlanTest {
  private static final Tree TEMPLATE =
      Tree.of("metadata", Tree.of("generateName", "web-", "labels", Tree.of("a", "b")));
  private static final SliceGroup.Key HTTP =
      new SliceGroup.Key("IPv4", TreeList.of(Tree.of("name", "", "port", 80, "protocol", "TCP")));

  private static SliceGroup group(int from, int to) {
    Map<String, Tree> endpoints = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      Tree endpoint = Tree.of("addresses", TreeList.of("10.0." + i / 250 + "." + (i % 250 + 1)));
      endpoints.put(SliceGroup.identity(endpoint), endpoint);
    }
    return new SliceGroup(HTTP, endpoints);
  }

  @Test
  void aHundredEndpointsStandInOneSlice() {
    SlicePlan plan = SlicePlan.of(List.of(), List.of(group(0, 230)), TEMPLATE);
    assertEquals(
        List.of(100, 100, 30),
        plan.create.stream().map(slice -> slice.list("endpoints").size()).toList());
    assertTrue(plan.update.isEmpty());
  }

  @Test
  void theSameEndpointsChangeNothing() {
    List<Tree> existing = SlicePlan.of(List.of(), List.of(group(0, 230)), TEMPLATE).create;
    SlicePlan plan = SlicePlan.of(existing, List.of(group(0, 230)), TEMPLATE);
    assertTrue(plan.create.isEmpty() && plan.update.isEmpty() && plan.delete.isEmpty());
  }

  @Test
  void aNewEndpointFillsASliceWithRoomAndALostOneTouchesOnlyItsOwn() {
    List<Tree> existing = SlicePlan.of(List.of(), List.of(group(0, 130)), TEMPLATE).create;
    SlicePlan more = SlicePlan.of(existing, List.of(group(0, 131)), TEMPLATE);
    assertEquals(1, more.update.size());
    assertEquals(31, more.update.getFirst().list("endpoints").size());
    assertTrue(more.create.isEmpty());
    SlicePlan fewer = SlicePlan.of(existing, List.of(group(1, 130)), TEMPLATE);
    assertEquals(1, fewer.update.size());
    assertEquals(99, fewer.update.getFirst().list("endpoints").size());
  }

  @Test
  void otherPortsGetOtherSlices() {
    List<Tree> existing = SlicePlan.of(List.of(), List.of(group(0, 2)), TEMPLATE).create;
    SliceGroup moved =
        new SliceGroup(
            new SliceGroup.Key(
                "IPv4", TreeList.of(Tree.of("name", "", "port", 81, "protocol", "TCP"))),
            group(0, 2).endpoints());
    SlicePlan plan = SlicePlan.of(existing, List.of(moved), TEMPLATE);
    assertEquals(1, plan.create.size());
    assertEquals(existing, plan.delete);
  }

  @Test
  void portsAreTargetPortsByNameAsEachPodHasThem() {
    Tree service =
        Tree.of(
            "spec",
            Tree.of(
                "ports",
                TreeList.of(
                    Tree.of("name", "web", "port", 80, "targetPort", "http", "protocol", "TCP"),
                    Tree.of("name", "raw", "port", 9000, "protocol", "TCP"))));
    Tree pod =
        Tree.of(
            "spec",
            Tree.of(
                "containers",
                TreeList.of(
                    Tree.of(
                        "ports", TreeList.of(Tree.of("name", "http", "containerPort", 8080))))));
    List<Tree> ports = new ArrayList<>(ServicePods.ports(service, pod).trees());
    assertEquals(8080, ports.get(0).number(0, "port"));
    assertEquals("web", ports.get(0).text("name"));
    assertEquals(9000, ports.get(1).number(0, "port"));
  }
}
