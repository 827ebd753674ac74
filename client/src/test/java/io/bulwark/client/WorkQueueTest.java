package io.bulwark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private final AtomicLong nanos = new AtomicLong();
  private final WorkQueue<String> queue = new WorkQueue<>(nanos::get, WorkQueue.Metrics.NONE);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aKeyWaitsOnce() {
    queue.add("a");
    queue.add("a");
    assertEquals("a", queue.poll());
    assertNull(queue.poll());
  }

  @Test
  void aKeyAddedWhileWorkedOnComesBackOnlyWhenDone() {
    queue.add("a");
    assertEquals("a", queue.poll());
    queue.add("a");
    assertNull(queue.poll());
    queue.done("a");
    assertEquals("a", queue.poll());
    queue.done("a");
    assertNull(queue.poll());
  }

  @Test
  void theEarlierOfTwoDelaysWins() {
    queue.addAfter("a", Duration.ofSeconds(10));
    queue.addAfter("a", Duration.ofSeconds(2));
    queue.addAfter("a", Duration.ofSeconds(30));
    pass(Duration.ofSeconds(1));
    assertNull(queue.poll());
    pass(Duration.ofSeconds(1));
    assertEquals("a", queue.poll());
    queue.done("a");
    pass(Duration.ofMinutes(1));
    assertNull(queue.poll());
  }

  @Test
  void failuresDoubleTheDelayUntilForgotten() {
    queue.addRateLimited("a");
    pass(Duration.ofMillis(5));
    assertEquals("a", queue.poll());
    queue.done("a");
    queue.addRateLimited("a");
    pass(Duration.ofMillis(5));
    assertNull(queue.poll());
    pass(Duration.ofMillis(5));
    assertEquals("a", queue.poll());
    queue.done("a");
    assertEquals(2, queue.failures("a"));
    queue.forget("a");
    queue.addRateLimited("a");
    pass(Duration.ofMillis(5));
    assertEquals("a", queue.poll());
  }

  @Test
  void aClosedQueueGivesNull() throws InterruptedException {
    queue.add("a");
    queue.close();
    assertNull(queue.take());
  }
}
