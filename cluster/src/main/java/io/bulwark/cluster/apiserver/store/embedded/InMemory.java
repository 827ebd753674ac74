package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.StoreUnavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/** A store that forgets everything when it is closed: for tests and throw-away clusters. */
public final class InMemory extends TimelineStore {
  private final ReentrantLock writing = new ReentrantLock();
  private final Timeline timeline;
  private final Deadlines deadlines;
  private final InstantSource clock;
  private boolean closed;

  public InMemory(InstantSource clock) {
    this(clock, EmbeddedStore.Options.HISTORY, EmbeddedStore.Options.historyBytesOfThisHeap());
  }

  InMemory(InstantSource clock, Duration history, long historyBytes) {
    this(
        new Timeline(new Timeline.Now(KeyTree.EMPTY, 1), clock.millis(), historyBytes),
        new Deadlines(),
        clock,
        history);
  }

  private InMemory(Timeline timeline, Deadlines deadlines, InstantSource clock, Duration history) {
    super(timeline, deadlines, clock, history);
    this.timeline = timeline;
    this.deadlines = deadlines;
    this.clock = clock;
    upkeep().start();
  }

  @Override
  Written write(Write write) {
    writing.lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      Batch batch = new Batch(timeline.now(), deadlines, clock.millis());
      Written written = batch.apply(write);
      if (!batch.changes().isEmpty()) {
        batch.settleDeadlines();
        timeline.publish(batch, clock.millis());
      }
      return written;
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
    } finally {
      writing.unlock();
    }
    upkeep().close();
    timeline.close();
  }
}
