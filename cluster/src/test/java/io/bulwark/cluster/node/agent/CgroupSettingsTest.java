package io.bulwark.cluster.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.node.pod.PodResources;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CgroupSettingsTest {
  private static Tree container(String name, String cpu, String cpuLimit, String memoryLimit) {
    Tree requests = new Tree();
    Tree limits = new Tree();
    if (!cpu.isEmpty()) {
      requests.put("cpu", cpu);
    }
    if (!cpuLimit.isEmpty()) {
      limits.put("cpu", cpuLimit);
    }
    if (!memoryLimit.isEmpty()) {
      limits.put("memory", memoryLimit);
    }
    return Tree.of("name", name, "resources", Tree.of("limits", limits, "requests", requests));
  }

  private static Tree pod(Tree... containers) {
    TreeList list = new TreeList();
    for (Tree container : containers) {
      list.add(container);
    }
    return Tree.of("spec", Tree.of("containers", list));
  }

  @Test
  void limitsOfAllContainersBoundThePod() {
    PodResources pod =
        PodResources.of(
            pod(container("a", "250m", "500m", "64Mi"), container("b", "250m", "1", "128Mi")));
    assertEquals(
        Map.of("cpu.weight", "20", "cpu.max", "150000 100000", "memory.max", "201326592"),
        CgroupSettings.unified(pod));
    assertEquals(
        Map.of(
            "cpu/cpu.shares", "512",
            "cpu/cpu.cfs_period_us", "100000",
            "cpu/cpu.cfs_quota_us", "150000",
            "memory/memory.limit_in_bytes", "201326592"),
        CgroupSettings.separate(pod));
  }

  @Test
  void oneContainerWithoutALimitLeavesThePodUnbounded() {
    PodResources pod =
        PodResources.of(pod(container("a", "1", "2", "64Mi"), container("b", "", "", "")));
    assertEquals("Burstable", pod.qosClass());
    assertEquals(
        Map.of("cpu.weight", "39", "cpu.max", "max 100000", "memory.max", "max"),
        CgroupSettings.unified(pod));
    assertEquals("-1", CgroupSettings.separate(pod).get("memory/memory.limit_in_bytes"));
  }

  @Test
  void podsThatAskForNothingGetTheLeastShare() {
    PodResources pod = PodResources.of(pod(container("a", "", "", "")));
    assertEquals("BestEffort", pod.qosClass());
    assertEquals("1", CgroupSettings.unified(pod).get("cpu.weight"));
    assertEquals("2", CgroupSettings.separate(pod).get("cpu/cpu.shares"));
  }

  @Test
  void aLargerInitContainerCounts() {
    Tree pod = pod(container("a", "100m", "100m", "64Mi"));
    pod.child("spec").put("initContainers", TreeList.of(container("first", "100m", "3", "512Mi")));
    PodResources resources = PodResources.of(pod);
    assertEquals(3000L, resources.cpuLimit());
    assertEquals(512L << 20, resources.memoryLimit());
  }

  @Test
  void theEndsOfTheScale() {
    assertEquals(2, CgroupSettings.shares(0));
    assertEquals(262_144, CgroupSettings.shares(1_000_000));
    assertEquals(1, CgroupSettings.weight(2));
    assertEquals(10_000, CgroupSettings.weight(262_144));
  }
}
