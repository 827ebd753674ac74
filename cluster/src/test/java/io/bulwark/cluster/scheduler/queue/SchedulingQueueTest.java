package io.bulwark.cluster.scheduler.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.scheduler.model.PodInfo;
import io.bulwark.cluster.scheduler.plugin.PrioritySort;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods that come back when their pause ends, the cluster changes, or patience does. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SchedulingQueueTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final SchedulingQueue queue = new SchedulingQueue(new PrioritySort(), now::get);

  private static PodInfo pod(String name, int priority) {
    return PodInfo.of(
        Tree.of(
            "metadata",
            Tree.of(
                "namespace",
                "default",
                "name",
                name,
                "uid",
                name,
                "creationTimestamp",
                "2026-01-01T00:00:00Z"),
            "spec",
            Tree.of("priority", (long) priority)));
  }

  private Attempt next() throws InterruptedException {
    Attempt attempt = queue.next();
    assertNotNull(attempt);
    return attempt;
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private void refusedBy(String plugin, String... names) throws InterruptedException {
    for (String name : names) {
      Attempt attempt = next();
      assertEquals(name, attempt.pod().name());
      queue.refused(attempt, Set.of(plugin), false);
    }
  }

  @Test
  void theMoreImportantComesFirst() throws Exception {
    queue.add(pod("low", 1));
    queue.add(pod("high", 2));
    assertEquals("high", next().pod().name());
    assertEquals("low", next().pod().name());
    assertEquals(0, queue.size());
  }

  @Test
  void aChangeThatMayHelpEndsTheWaitAfterThePause() throws Exception {
    queue.add(pod("big", 2));
    queue.add(pod("picky", 1));
    refusedBy("NodeResourcesFit", "big");
    refusedBy("NodeAffinity", "picky");
    queue.clusterChanged(ClusterChange.POD_GONE);
    pass(SchedulingQueue.FIRST_PAUSE);
    assertEquals("big", next().pod().name());
    pass(SchedulingQueue.PATIENCE);
    Attempt patient = next();
    assertEquals("picky", patient.pod().name(), "nothing happened, and patience ended");
    assertEquals(2, patient.tries());
  }

  @Test
  void aChangeDuringTheTryCounts() throws Exception {
    queue.add(pod("big", 1));
    Attempt attempt = next();
    queue.clusterChanged(ClusterChange.NODE_ADDED);
    queue.refused(attempt, Set.of("NodeResourcesFit"), false);
    pass(SchedulingQueue.FIRST_PAUSE);
    assertEquals("big", next().pod().name());
  }

  @Test
  void pausesDoubleUpToTheLongest() throws Exception {
    queue.add(pod("unlucky", 1));
    for (int seconds : new int[] {1, 2, 4, 8, 10, 10}) {
      Attempt attempt = next();
      queue.refused(attempt, Set.of("NodeResourcesFit"), true);
      pass(Duration.ofSeconds(seconds).minusMillis(1));
      queue.add(pod("other", 0));
      assertEquals("other", next().pod().name(), "before " + seconds + " s");
      queue.done("other");
      pass(Duration.ofMillis(1));
    }
    assertEquals("unlucky", next().pod().name());
  }

  @Test
  void whatIsRemovedOrAddedAgainNoLongerWaitsForItsTime() throws Exception {
    queue.add(pod("gone", 2));
    queue.add(pod("changed", 1));
    refusedBy("NodeAffinity", "gone", "changed");
    assertEquals(2, queue.size());
    queue.remove("gone");
    queue.add(pod("changed", 1));
    assertEquals("changed", next().pod().name());
    pass(SchedulingQueue.PATIENCE);
    assertEquals(0, queue.size());
    queue.close();
    assertNull(queue.next());
  }
}
