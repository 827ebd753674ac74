package io.bulwark.cluster.controller.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobPassTest {
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private static JobPass pass(long deadline) {
    Tree job =
        Tree.of(
            "metadata",
            Tree.of("name", "late", "namespace", "default"),
            "spec",
            Tree.of("activeDeadlineSeconds", deadline, "completions", 1L, "parallelism", 1L),
            "status",
            Tree.of("startTime", "2026-11-22T04:59:00Z"));
    Tree leaving =
        Tree.of(
            "metadata",
            Tree.of("name", "late-1", "uid", "1", "deletionTimestamp", "2026-11-22T05:00:20Z"),
            "status",
            Tree.of("phase", "Running"));
    return new JobPass(job, List.of(leaving), new Backoff(), NOW);
  }

  @Test
  void aJobThatIsOverdueWaitsForItsPodsWithoutAsking() {
    JobPass pass = pass(30);
    assertEquals("True", Conditions.status(Tree.of("status", pass.status()), "FailureTarget"));
    assertNull(pass.again);
  }

  @Test
  void aJobIsLookedAtAgainAtItsDeadline() {
    assertEquals(Duration.ofSeconds(90), pass(150).again);
  }
}
