package io.bulwark.cluster.apiserver.watch;

import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.read.Encoding;
import io.bulwark.cluster.apiserver.read.WatchEvents;
import io.bulwark.cluster.apiserver.store.Entry;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The latest encoded events, so that all watches share them. What is no longer here is encoded
 * again: slow readers cost time, never memory. Thread-safe.
 */
final class EventFrames {
  private static final int SLOTS = 1024;

  /** Larger events are not kept. */
  private static final int LARGEST = 64 * 1024;

  private final AtomicReferenceArray<Frame> recent = new AtomicReferenceArray<>(SLOTS);

  private record Key(
      long revision, String type, Kind kind, Encoding encoding, boolean definitions) {
    boolean same(Key other) {
      return revision == other.revision
          && definitions == other.definitions
          && kind == other.kind
          && type.equals(other.type)
          && encoding.equals(other.encoding);
    }

    int slot() {
      int form = encoding.format().ordinal() * 3 + encoding.shape().ordinal();
      return (int) ((revision * 31 + type.hashCode() + form * 7L) & (SLOTS - 1));
    }
  }

  private record Frame(Key key, byte[] bytes) {}

  /** The event of a change whose entry has the change's revision. */
  byte[] frame(String type, Entry entry, Kind kind, Encoding encoding, boolean definitions) {
    Key key = new Key(entry.revision(), type, kind, encoding, definitions);
    Frame kept = recent.get(key.slot());
    if (kept != null && kept.key.same(key)) {
      return kept.bytes;
    }
    byte[] bytes = WatchEvents.change(type, entry, kind, encoding, definitions);
    if (bytes.length <= LARGEST) {
      recent.set(key.slot(), new Frame(key, bytes));
    }
    return bytes;
  }
}
