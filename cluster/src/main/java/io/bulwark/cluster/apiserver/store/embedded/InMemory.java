package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.StoreUnavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A store that forgets everything when it is closed: for tests and throw-away clusters. */
public final class InMemory implements Store {
  private final ReentrantLock writing = new ReentrantLock();
  private final Deadlines deadlines = new Deadlines();
  private final InstantSource clock;
  private final Timeline timeline;
  private final Upkeep upkeep;
  private boolean closed;

  public InMemory(InstantSource clock) {
    this(clock, EmbeddedStore.Options.HISTORY, EmbeddedStore.Options.historyBytesOfThisHeap());
  }

  InMemory(InstantSource clock, Duration history, long historyBytes) {
    this.clock = clock;
    this.timeline = new Timeline(new Timeline.Now(KeyTree.EMPTY, 1), clock.millis(), historyBytes);
    this.upkeep = new Upkeep(this, timeline, deadlines, clock, history);
    upkeep.start();
  }

  Upkeep upkeep() {
    return upkeep;
  }

  @Override
  public long revision() {
    return timeline.now().revision();
  }

  @Override
  public long compactedRevision() {
    return timeline.compacted();
  }

  @Override
  public @Nullable Entry get(String key) {
    return timeline.now().tree().get(key);
  }

  @Override
  public Range range(String prefix, String after, long revision, int limit) throws Compacted {
    return timeline.range(prefix, after, revision, limit);
  }

  @Override
  public Written create(String key, byte[] value, @Nullable Duration lifetime) {
    return write(new Write.Create(key, value, lifetime));
  }

  @Override
  public Written update(
      String key, long expectedRevision, byte[] value, @Nullable Duration lifetime) {
    return write(new Write.Update(key, expectedRevision, value, lifetime));
  }

  @Override
  public Written delete(String key, long expectedRevision) {
    return write(new Write.Delete(key, expectedRevision));
  }

  private Written write(Write write) {
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
  public Subscription watch(String prefix, long after, Listener listener) throws Compacted {
    return timeline.watch(prefix, after, listener);
  }

  @Override
  public void compact(long revision) {
    timeline.compact(revision);
  }

  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
    } finally {
      writing.unlock();
    }
    upkeep.close();
    timeline.close();
  }
}
