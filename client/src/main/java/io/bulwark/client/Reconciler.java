package io.bulwark.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Brings the world one step closer to what an object asks for. */
@FunctionalInterface
public interface Reconciler<K> {
  /**
   * Reads the whole state that belongs to the key and acts on it, whatever event led here.
   *
   * @return when to look again without an event, or null when no such need is known
   * @throws Exception to try again after a delay that grows with each failure
   */
  @Nullable Duration reconcile(K key) throws Exception;
}
