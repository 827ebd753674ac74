package io.bulwark.cluster.apiserver.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map from keys to bytes in which every change has a revision.
 *
 * <p>Revisions start at 1 and grow by one with every successful write. A write is acknowledged only
 * when it is durable. Readers see a consistent snapshot. Thread-safe; writes block until durable.
 *
 * <p>Keys are paths such as {@code /pods/default/web}; ranges are in the order of their UTF-8
 * bytes.
 */
public interface Store extends AutoCloseable {
  /** Revision of the newest write; at least 1. */
  long revision();

  /** Reads at revisions below this one fail with {@link Compacted}. */
  long compactedRevision();

  /** The newest entry at a key, or null. */
  @Nullable Entry get(String key);

  /**
   * Entries whose key starts with a prefix, in key order.
   *
   * @param after only keys greater than this one; empty for all
   * @param revision the snapshot to read; 0 for the newest
   * @param limit most entries to return; 0 for all
   * @throws Compacted if the revision is compacted
   */
  Range range(String prefix, String after, long revision, int limit) throws Compacted;

  /**
   * Writes a key that must not exist.
   *
   * @param lifetime after which the entry is deleted; null for ever
   */
  Written create(String key, byte[] value, @Nullable Duration lifetime);

  /** Writes a key whose entry must have this revision; keeps its lifetime unless one is given. */
  Written update(String key, long expectedRevision, byte[] value, @Nullable Duration lifetime);

  /** Deletes a key whose entry must have this revision. */
  Written delete(String key, long expectedRevision);

  /**
   * Calls a listener with every change after a revision, in order, without gaps or repetition.
   *
   * @param after changes with greater revisions are delivered; 0 for those from now on
   * @throws Compacted if history no longer reaches back to the revision
   */
  Subscription watch(String prefix, long after, Listener listener) throws Compacted;

  /** Forgets history below a revision; the newest entry of each key stays. */
  void compact(long revision);

  @Override
  void close();

  /**
   * @param more whether the limit cut the range short
   * @param remaining how many entries of the snapshot follow the last one returned
   */
  record Range(long revision, java.util.List<Entry> entries, boolean more, long remaining) {}

  /** The outcome of a conditional write. */
  sealed interface Written {
    /** The write is durable; for a deletion, {@code entry} has the last value and new revision. */
    record Done(Entry entry) implements Written {}

    /** The condition did not hold; {@code current} is what is there, or null for nothing. */
    record Lost(@Nullable Entry current) implements Written {}
  }

  /** A change as listeners see it. */
  record Change(Type type, Entry entry, @Nullable Entry previous) {
    public enum Type {
      PUT,
      DELETE
    }

    public long revision() {
      return entry.revision();
    }
  }

  /** Called by one thread at a time, in revision order; must not block. */
  interface Listener {
    void changed(Change change);

    /** All changes up to a revision were delivered; lets quiet watches make progress. */
    void progressed(long revision);
  }

  /** Ends a watch; no call reaches the listener after {@code close} returns. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** The revision asked for is no longer kept. */
  final class Compacted extends Exception {
    private static final long serialVersionUID = 1;

    private final long compactedRevision;

    public Compacted(long compactedRevision) {
      super("required revision has been compacted", null, false, false);
      this.compactedRevision = compactedRevision;
    }

    public long compactedRevision() {
      return compactedRevision;
    }
  }
}
