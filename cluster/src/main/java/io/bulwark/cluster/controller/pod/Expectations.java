package io.bulwark.cluster.controller.pod;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a controller asked for and has not yet seen in its cache. While something is expected the
 * cache is behind, and acting on it would do the same thing twice. Thread-safe.
 *
 * <p>Source: client-go's UIDTrackingControllerExpectations.
 */
public final class Expectations {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private static final class Expected {
    private int creations;
    private final Set<String> deletions = new HashSet<>();
    private Instant since = Instant.MIN;
  }

  private final InstantSource clock;
  private final Map<String, Expected> expected = new HashMap<>();

  public Expectations(InstantSource clock) {
    this.clock = clock;
  }

  public synchronized boolean satisfied(String controller) {
    Expected open = expected.get(controller);
    return open == null
        || (open.creations <= 0 && open.deletions.isEmpty())
        || Duration.between(open.since, clock.instant()).compareTo(TIMEOUT) > 0;
  }

  public synchronized void expectCreations(String controller, int count) {
    Expected fresh = new Expected();
    fresh.creations = count;
    fresh.since = clock.instant();
    expected.put(controller, fresh);
  }

  /**
   * @param pods their uids
   */
  public synchronized void expectDeletions(String controller, Collection<String> pods) {
    Expected fresh = new Expected();
    fresh.deletions.addAll(pods);
    fresh.since = clock.instant();
    expected.put(controller, fresh);
  }

  public synchronized void created(String controller) {
    created(controller, 1);
  }

  public synchronized void created(String controller, int count) {
    Expected open = expected.get(controller);
    if (open != null) {
      open.creations -= count;
    }
  }

  public synchronized void deleted(String controller, String pod) {
    Expected open = expected.get(controller);
    if (open != null) {
      open.deletions.remove(pod);
    }
  }

  public synchronized void forget(String controller) {
    expected.remove(controller);
  }
}
