package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.StoreUnavailable;
import java.time.Duration;
import java.time.InstantSource;

/** Deletes what has outlived its lifetime and forgets old history, once a second. */
final class Upkeep implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Store store;
  private final Timeline timeline;
  private final Deadlines deadlines;
  private final InstantSource clock;
  private final Duration history;
  private final Thread thread;

  Upkeep(
      Store store, Timeline timeline, Deadlines deadlines, InstantSource clock, Duration history) {
    this.store = store;
    this.timeline = timeline;
    this.deadlines = deadlines;
    this.clock = clock;
    this.history = history;
    this.thread = Thread.ofVirtual().name("store-upkeep").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void once() {
    long now = clock.millis();
    for (String key : deadlines.due(now)) {
      Entry entry = store.get(key);
      if (entry != null) {
        store.delete(key, entry.revision());
      }
    }
    timeline.compactOlderThan(now - history.toMillis(), now);
  }

  private void run() {
    while (true) {
      try {
        Thread.sleep(PERIOD); // lifetimes and history are counted in seconds
        once();
      } catch (StoreUnavailable later) {
        LOG.log(System.Logger.Level.DEBUG, "expired entries stay until the store writes again");
      } catch (RuntimeException bug) {
        LOG.log(System.Logger.Level.ERROR, "upkeep of the store failed", bug);
      } catch (InterruptedException end) {
        return;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
