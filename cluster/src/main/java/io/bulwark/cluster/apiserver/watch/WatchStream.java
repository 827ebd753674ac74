package io.bulwark.cluster.apiserver.watch;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Statuses;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.read.Encoding;
import io.bulwark.cluster.apiserver.read.ListOptions;
import io.bulwark.cluster.apiserver.read.Selection;
import io.bulwark.cluster.apiserver.read.WatchEvents;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.platform.http.Outgoing.Sink;
import io.bulwark.cluster.platform.http.Outgoing.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watch: turns changes into events for one client.
 *
 * <p>Lock order: the subscription's own lock, then this object's. So nothing here may close the
 * subscription while it holds this object's.
 */
final class WatchStream implements Store.Listener, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WatchStream.class.getName());

  /** Initial events are sent in pieces of this size, as fast as the client reads. */
  private static final int PIECE = 256 * 1024;

  private final Store store;
  private final String prefix;
  private final ListOptions options;
  private final Selection selection;
  private final Kind kind;
  private final Encoding encoding;
  private final EventFrames frames;
  private final Sink sink;
  private final Watches.Settings settings;
  private final Consumer<WatchStream> gone;
  private final List<ScheduledFuture<?>> timers = new ArrayList<>();
  private Store.@Nullable Subscription subscription;
  private boolean definitionsSent;
  private boolean ended;
  private long progress;

  WatchStream(
      Store store,
      String prefix,
      ListOptions options,
      Encoding encoding,
      EventFrames frames,
      Sink sink,
      Watches.Settings settings,
      Consumer<WatchStream> gone) {
    this.store = store;
    this.prefix = prefix;
    this.options = options;
    this.selection = options.selection();
    this.kind = selection.kind();
    this.encoding = encoding;
    this.frames = frames;
    this.sink = sink;
    this.settings = settings;
    this.gone = gone;
    this.definitionsSent = encoding.shape() != Encoding.Shape.TABLE;
  }

  void start(ScheduledExecutorService timer, Duration timeout) {
    synchronized (this) {
      timers.add(timer.schedule(this::expire, timeout.toMillis(), TimeUnit.MILLISECONDS));
      if (options.bookmarks()) {
        long every = settings.bookmarkEvery().toMillis();
        timers.add(timer.scheduleWithFixedDelay(this::remind, every, every, TimeUnit.MILLISECONDS));
      }
    }
    if (options.initialEvents()) {
      Thread.ofVirtual().name("watch-initial").start(this::sendInitial);
    } else {
      subscribe(options.revision() == 0 ? store.revision() : options.revision());
    }
  }

  private void sendInitial() {
    try {
      Store.Range range = store.range(prefix, "", 0, 0);
      List<Slice> piece = new ArrayList<>();
      long bytes = 0;
      for (Entry entry : range.entries()) {
        if (selection.matches(entry)) {
          byte[] event = WatchEvents.change("ADDED", entry, kind, encoding, !definitionsSent);
          definitionsSent = true;
          piece.add(Slice.of(event));
          bytes += event.length;
          if (bytes > PIECE) {
            sink.write(piece);
            piece = new ArrayList<>();
            bytes = 0;
            sink.awaitDrained();
            if (sink.closed()) {
              finish();
              return;
            }
          }
        }
      }
      if (options.bookmarks()) {
        piece.add(Slice.of(bookmark(range.revision(), true)));
      }
      sink.write(piece);
      subscribe(range.revision());
    } catch (InterruptedException | Store.Compacted | RuntimeException failed) {
      LOG.log(System.Logger.Level.ERROR, "the initial events of a watch failed", failed);
      finish();
    }
  }

  private void subscribe(long after) {
    Store.Subscription made;
    progressed(after);
    try {
      made = store.watch(prefix, after, this);
    } catch (Store.Compacted compacted) {
      expired(after, compacted.compactedRevision());
      return;
    }
    boolean late;
    synchronized (this) {
      subscription = made;
      late = ended;
    }
    if (late) {
      made.close();
    }
  }

  private void expired(long after, long compacted) {
    Failure failure =
        new Failure.Expired("too old resource version: " + after + " (" + compacted + ")", "");
    sink.write(List.of(Slice.of(WatchEvents.error(Statuses.of(failure), encoding))));
    finish();
  }

  @Override
  public void changed(Store.Change change) {
    boolean slow;
    synchronized (this) {
      if (ended) {
        return;
      }
      progress = change.revision();
      byte[] event = event(change);
      if (event == null) {
        return;
      }
      slow = sink.write(List.of(Slice.of(event))) > settings.slowBytes();
    }
    if (slow) {
      LOG.log(
          System.Logger.Level.DEBUG, "a watch on " + prefix + " is dropped: its reader is slow");
      finish();
    }
  }

  private byte @Nullable [] event(Store.Change change) {
    Entry entry = change.entry();
    Entry previous = change.previous();
    boolean before = previous != null && selection.matches(previous);
    if (change.type() == Store.Change.Type.DELETE) {
      return before ? frame("DELETED", entry) : null;
    }
    if (selection.matches(entry)) {
      return frame(before ? "MODIFIED" : "ADDED", entry);
    }
    return before && previous != null
        ? frame(
            "DELETED",
            new Entry(previous.key(), previous.value(), previous.created(), change.revision()))
        : null;
  }

  private byte[] frame(String type, Entry entry) {
    boolean definitions = !definitionsSent;
    definitionsSent = true;
    return frames.frame(type, entry, kind, encoding, definitions);
  }

  private byte[] bookmark(long revision, boolean initialEventsEnd) {
    boolean definitions = !definitionsSent;
    definitionsSent = true;
    return WatchEvents.bookmark(revision, kind, encoding, initialEventsEnd, definitions);
  }

  @Override
  public synchronized void progressed(long revision) {
    progress = revision;
  }

  private synchronized void remind() {
    if (!ended && subscription != null && progress > 0) {
      sink.write(List.of(Slice.of(bookmark(progress, false))));
    }
  }

  private void expire() {
    if (options.bookmarks()) {
      remind();
    }
    finish();
  }

  /** Ends the response. */
  void finish() {
    close();
    sink.end();
  }

  @Override
  public void close() {
    Store.Subscription open;
    synchronized (this) {
      ended = true;
      open = subscription;
      timers.forEach(timer -> timer.cancel(false));
    }
    if (open != null) {
      open.close();
    }
    gone.accept(this);
  }
}
