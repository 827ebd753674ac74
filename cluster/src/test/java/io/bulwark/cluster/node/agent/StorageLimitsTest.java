package io.bulwark.cluster.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StorageLimitsTest {
  private static final long MEGABYTE = 1 << 20;

  @Test
  void volumesThenPodsThenContainersAreJudged() {
    Tree pod = pod("10Mi", "2Mi");
    assertNull(StorageLimits.check(pod, held(2, 4, 4)));
    assertEvicted("Usage of EmptyDir volume \"v\" exceeds the limit \"2Mi\". ", pod, held(3, 9, 9));
    assertEvicted(
        "Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ",
        pod,
        held(2, 5, 4));
    pod.trees("spec", "containers")
        .getLast()
        .set("30Mi", "resources", "limits", "ephemeral-storage");
    assertEvicted(
        "Container a exceeded its local ephemeral storage limit \"10Mi\". ", pod, held(2, 11, 4));
  }

  @Test
  void memoryCountsForItsVolumeOnly() {
    Tree pod = pod("10Mi", "2Mi");
    pod.trees("spec", "volumes").getFirst().set("Memory", "emptyDir", "medium");
    assertNull(StorageLimits.check(pod, held(2, 5, 5)));
  }

  @Test
  void whatIsNotLimitedIsNotMeasured() {
    assertTrue(StorageLimits.limited(pod("10Mi", null)));
    assertTrue(StorageLimits.limited(pod(null, "2Mi")));
    assertFalse(StorageLimits.limited(pod(null, null)));
    assertFalse(StorageLimits.limited(pod(null, "0")));
  }

  private static void assertEvicted(String message, Tree pod, StorageLimits.Held held) {
    Verdict verdict = StorageLimits.check(pod, held);
    assertNotNull(verdict);
    assertEquals(message, verdict.message());
    assertEquals("Evicted", verdict.reason());
    assertTrue(verdict.urgent());
  }

  private static StorageLimits.Held held(long volume, long first, long second) {
    return new StorageLimits.Held(
        Map.of("v", volume * MEGABYTE), Map.of("a", first * MEGABYTE, "b", second * MEGABYTE));
  }

  private static Tree pod(@Nullable String container, @Nullable String volume) {
    Tree first = Tree.of("name", "a");
    if (container != null) {
      first.set(container, "resources", "limits", "ephemeral-storage");
    }
    Tree directory = new Tree();
    if (volume != null) {
      directory.put("sizeLimit", volume);
    }
    return Tree.of(
        "spec",
        Tree.of(
            "containers",
            TreeList.of(first, Tree.of("name", "b")),
            "volumes",
            TreeList.of(Tree.of("emptyDir", directory, "name", "v"))));
  }
}
