package io.bulwark.cluster.controller.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static Rollout rollout(int replicas, Object surge, Object unavailable) {
    return Rollout.of(
        Tree.of(
            "spec",
            Tree.of(
                "replicas",
                replicas,
                "strategy",
                Tree.of(
                    "rollingUpdate", Tree.of("maxSurge", surge, "maxUnavailable", unavailable)))));
  }

  private static RevisionedSet set(String name, int replicas, int limit, String created) {
    return new RevisionedSet(
        Tree.of(
            "metadata",
                Tree.of(
                    "name", name,
                    "creationTimestamp", created,
                    "annotations", Tree.of(RevisionedSet.LIMIT, Integer.toString(limit))),
            "spec", Tree.of("replicas", replicas)));
  }

  @Test
  void surgeIsRoundedUpAndUnavailableDown() {
    Rollout quarter = rollout(3, "25%", "25%");
    assertEquals(4, quarter.limit());
    assertEquals(3, quarter.floor());
    assertEquals(13, rollout(10, "25%", "25%").limit());
    assertEquals(8, rollout(10, "25%", "25%").floor());
  }

  @Test
  void oneMayBeUnavailableWhereBothWouldBeNone() {
    assertEquals(2, rollout(3, 0L, 0L).floor());
    assertEquals(2, rollout(3, 0L, "10%").floor());
  }

  @Test
  void recreateHasNoSurge() {
    Tree deployment =
        Tree.of("spec", Tree.of("replicas", 3, "strategy", Tree.of("type", "Recreate")));
    assertEquals(3, Rollout.of(deployment).limit());
    assertFalse(Rollout.of(deployment).rolling());
  }

  @Test
  void scalingDuringARolloutKeepsTheProportions() {
    List<RevisionedSet> active =
        List.of(
            set("old", 8, 13, "2026-01-01T00:00:00Z"), set("new", 5, 13, "2026-01-02T00:00:00Z"));
    Map<String, Integer> sizes = Proportions.of(rollout(15, 3L, 2L), active, 13);
    assertEquals(18, sizes.values().stream().mapToInt(size -> size).sum());
    assertEquals(11, sizes.get("old"));
    assertEquals(7, sizes.get("new"));
  }

  @Test
  void scalingToNothingEmptiesAll() {
    List<RevisionedSet> active =
        List.of(
            set("old", 8, 13, "2026-01-01T00:00:00Z"), set("new", 5, 13, "2026-01-02T00:00:00Z"));
    assertEquals(Map.of("old", 0, "new", 0), Proportions.of(rollout(0, 3L, 2L), active, 13));
  }

  @Test
  void theHashLabelAndEmptyFieldsMakeNoDifferenceToATemplate() {
    Tree plain =
        Tree.of("metadata", Tree.of("labels", Tree.of("app", "a")), "spec", Tree.of("x", 1));
    Tree marked = plain.copy();
    marked.set("abc", "metadata", "labels", PodTemplates.HASH_LABEL);
    marked.set(null, "metadata", "creationTimestamp");
    assertTrue(PodTemplates.same(plain, marked));
    assertEquals(PodTemplates.hash(plain, null), PodTemplates.hash(marked, null));
    Tree other = plain.copy().set(2, "spec", "x");
    assertFalse(PodTemplates.same(plain, other));
    assertNotEquals(PodTemplates.hash(plain, null), PodTemplates.hash(other, null));
    assertNotEquals(PodTemplates.hash(plain, null), PodTemplates.hash(plain, 1L));
  }

  @Test
  void theRevisionBeforeIsRemembered() {
    Tree deployment = Tree.of("metadata", Tree.of("annotations", Tree.of("note", "x")));
    Tree set = Tree.of("metadata", Tree.of("annotations", Tree.of(RevisionedSet.REVISION, "1")));
    assertTrue(ReplicaSets.annotate(deployment, set, 3, true));
    assertEquals("3", set.text("metadata", "annotations", RevisionedSet.REVISION));
    assertEquals("1", set.text("metadata", "annotations", RevisionedSet.HISTORY));
    assertEquals("x", set.text("metadata", "annotations", "note"));
    assertFalse(ReplicaSets.annotate(deployment, set, 3, true));
  }
}
