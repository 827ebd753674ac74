package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store.Change;
import io.bulwark.cluster.apiserver.store.Store.Compacted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The changes since the compacted revision, and a tree for every few of them: the tree of any
 * revision is the nearest older one with the changes in between applied. Not thread-safe.
 */
final class History {
  /** Changes between two kept trees, so that few nodes are kept for history's sake. */
  private static final int STRIDE = 256;

  private static final int OVERHEAD = 128;

  private final Deque<Point> points = new ArrayDeque<>();
  private Change[] ring = new Change[1024];
  private int head;
  private int size;
  private long bytes;

  /** A revision's tree, and when that revision was made in milliseconds of the epoch. */
  record Point(long revision, KeyTree tree, long millis) {}

  History(long revision, KeyTree tree, long millis) {
    points.add(new Point(revision, tree, millis));
  }

  long compacted() {
    return points.getFirst().revision();
  }

  long newest() {
    return compacted() + size;
  }

  /** Bytes that only history keeps alive, roughly. */
  long bytes() {
    return bytes;
  }

  /**
   * @param tree the tree after the change
   */
  void append(Change change, KeyTree tree, long millis) {
    if (change.revision() != newest() + 1) {
      throw new IllegalStateException("revision " + change.revision() + " after " + newest());
    }
    if (size == ring.length) {
      Change[] larger = new Change[size * 2];
      for (int i = 0; i < size; i++) {
        larger[i] = ring[(head + i) % size];
      }
      ring = larger;
      head = 0;
    }
    ring[(head + size) % ring.length] = change;
    size++;
    bytes += cost(change);
    if (change.revision() - points.getLast().revision() >= STRIDE) {
      points.add(new Point(change.revision(), tree, millis));
    }
  }

  /** Keeps the newest tree, so that history can later be cut exactly here. */
  void mark(KeyTree tree, long millis) {
    if (points.getLast().revision() < newest()) {
      points.add(new Point(newest(), tree, millis));
    }
  }

  /** The changes with revisions in {@code (after, upTo]}. */
  List<Change> changes(long after, long upTo) throws Compacted {
    if (after < compacted()) {
      throw new Compacted(compacted());
    }
    int from = (int) (after - compacted());
    int to = (int) (upTo - compacted());
    List<Change> changes = new ArrayList<>(Math.max(0, to - from));
    for (int i = from; i < to; i++) {
      changes.add(ring[(head + i) % ring.length]);
    }
    return changes;
  }

  /** The tree as it was at a revision that is not newer than {@link #newest()}. */
  KeyTree at(long revision) throws Compacted {
    if (revision < compacted()) {
      throw new Compacted(compacted());
    }
    Point nearest = points.getFirst();
    Iterator<Point> newestFirst = points.descendingIterator();
    while (newestFirst.hasNext()) {
      Point point = newestFirst.next();
      if (point.revision() <= revision) {
        nearest = point;
        break;
      }
    }
    KeyTree tree = nearest.tree();
    for (Change change : changes(nearest.revision(), revision)) {
      tree = applied(tree, change);
    }
    return tree;
  }

  static KeyTree applied(KeyTree tree, Change change) {
    Entry entry = change.entry();
    return change.type() == Change.Type.PUT ? tree.with(entry) : tree.without(entry.key());
  }

  /** Forgets what is below a revision that is not newer than {@link #newest()}. */
  void compact(long revision) {
    long drop = revision - compacted();
    if (drop <= 0) {
      return;
    }
    KeyTree base;
    try {
      base = at(revision);
    } catch (Compacted impossible) {
      throw new IllegalStateException(impossible);
    }
    long millis = points.getFirst().millis();
    while (!points.isEmpty() && points.getFirst().revision() <= revision) {
      millis = points.removeFirst().millis();
    }
    points.addFirst(new Point(revision, base, millis));
    for (long i = 0; i < drop; i++) {
      bytes -= cost(ring[head]);
      ring[head] = null;
      head = (head + 1) % ring.length;
    }
    size -= (int) drop;
  }

  /** Forgets what was made before an instant, as far as trees are kept. */
  void compactOlderThan(long millis) {
    long target = compacted();
    for (Point point : points) {
      if (point.millis() > millis) {
        break;
      }
      target = point.revision();
    }
    compact(target);
  }

  /** Forgets the older half of the changes as often as more bytes than the limit are kept. */
  void compactToBytes(long limit) {
    while (bytes > limit && size > 1) {
      compact(compacted() + size / 2);
    }
  }

  private static long cost(Change change) {
    Entry previous = change.previous();
    return OVERHEAD + (previous == null ? 0 : previous.value().length);
  }
}
