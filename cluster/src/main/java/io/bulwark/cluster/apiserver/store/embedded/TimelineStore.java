package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A store whose readers and watches are served from a timeline in memory. */
abstract sealed class TimelineStore implements Store permits EmbeddedStore, InMemory {
  private final Timeline timeline;
  private final Upkeep upkeep;

  /**
   * @param deadlines of entries with a lifetime; shared with who writes
   * @param history how long past revisions are kept
   */
  TimelineStore(Timeline timeline, Deadlines deadlines, InstantSource clock, Duration history) {
    this.timeline = timeline;
    this.upkeep = new Upkeep(this, timeline, deadlines, clock, history);
  }

  /**
   * Writes if the condition holds, and returns when that is as durable as it will be.
   *
   * @throws io.bulwark.cluster.apiserver.store.StoreUnavailable if it could not be made durable
   */
  abstract Written write(Write write);

  Upkeep upkeep() {
    return upkeep;
  }

  @Override
  public final long revision() {
    return timeline.now().revision();
  }

  @Override
  public final long compactedRevision() {
    return timeline.compacted();
  }

  @Override
  public final @Nullable Entry get(String key) {
    return timeline.now().tree().get(key);
  }

  @Override
  public final Range range(String prefix, String after, long revision, int limit) throws Compacted {
    return timeline.range(prefix, after, revision, limit);
  }

  @Override
  public final Written create(String key, byte[] value, @Nullable Duration lifetime) {
    return write(new Write.Create(key, value, lifetime));
  }

  @Override
  public final Written update(
      String key, long expectedRevision, byte[] value, @Nullable Duration lifetime) {
    return write(new Write.Update(key, expectedRevision, value, lifetime));
  }

  @Override
  public final Written delete(String key, long expectedRevision) {
    return write(new Write.Delete(key, expectedRevision));
  }

  @Override
  public final Subscription watch(String prefix, long after, Listener listener) throws Compacted {
    return timeline.watch(prefix, after, listener);
  }

  @Override
  public final void compact(long revision) {
    timeline.compact(revision);
  }
}
