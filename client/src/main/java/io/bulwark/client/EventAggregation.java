package io.bulwark.client;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Events about one object that differ in nothing but their message. From the tenth message within
 * ten minutes on they become one event. For one thread.
 *
 * <p>Source: client-go's event aggregator.
 */
final class EventAggregation {
  static final String PREFIX = "(combined from similar events): ";

  private static final int MESSAGES = 10;
  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final Set<String> messages = new LinkedHashSet<>();
  private Instant seen = Instant.MIN;

  /** Whether an event with this message is to be told together with the others. */
  boolean combines(String message, Instant now) {
    if (Duration.between(seen, now).compareTo(WINDOW) > 0) {
      messages.clear();
    }
    seen = now;
    messages.add(message);
    if (messages.size() < MESSAGES) {
      return false;
    }
    messages.remove(messages.iterator().next());
    return true;
  }
}
