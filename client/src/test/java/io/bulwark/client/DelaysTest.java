package io.bulwark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DelaysTest {
  private final Delays<String> delays = new Delays<>();

  @Test
  void keysBecomeDueInTheOrderOfTheirTimesAndThenOfTheirComing() {
    delays.put("late", 30);
    delays.put("second", 20);
    delays.put("third", 20);
    delays.put("first", 10);
    assertNull(delays.pollDue(9));
    assertEquals(1, delays.untilNext(9));
    assertEquals("first", delays.pollDue(20));
    assertEquals("second", delays.pollDue(20));
    assertEquals("third", delays.pollDue(20));
    assertNull(delays.pollDue(20));
    assertEquals(-1, delays.untilNext(31));
  }

  @Test
  void aKeyWaitsForTheLastTimeThatItWasGiven() {
    delays.put("key", 10);
    delays.put("key", 20);
    assertFalse(delays.waits("key", 19));
    assertTrue(delays.waits("key", 20));
    assertNull(delays.pollDue(19));
    assertEquals("key", delays.pollDue(20));
    assertFalse(delays.waits("key", Long.MAX_VALUE));
    assertNull(delays.untilNext(0));
  }

  @Test
  void aRemovedKeyIsNeverDue() {
    delays.put("key", 10);
    assertTrue(delays.remove("key"));
    assertFalse(delays.remove("key"));
    assertNull(delays.pollDue(10));
    delays.put("key", 10);
    delays.clear();
    assertNull(delays.pollDue(10));
  }
}
