package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Store.Written;
import io.bulwark.cluster.apiserver.store.StoreUnavailable;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. While a batch is synced to disk the next one gathers, so the more
 * writers there are, the more of them share a sync.
 */
final class Writer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Writer.class.getName());

  /** Writes in one commit at most: bounds how long the first of them waits. */
  private static final int BATCH = 512;

  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final ReadWriteLock closing = new ReentrantReadWriteLock();
  private final Journal journal;
  private final Timeline timeline;
  private final Deadlines deadlines;
  private final InstantSource clock;
  private final Thread thread;
  private boolean closed;

  /** A batch of which it is unknown whether it reached the disk. */
  private @Nullable Batch uncertain;

  /** A write with its outcome to come; null asks the thread to end. */
  private record Waiting(@Nullable Write write, CompletableFuture<Written> outcome) {}

  Writer(Journal journal, Timeline timeline, Deadlines deadlines, InstantSource clock) {
    this.journal = journal;
    this.timeline = timeline;
    this.deadlines = deadlines;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("store-writer").start(this::run);
  }

  Written write(Write write) {
    Waiting waiting = new Waiting(write, new CompletableFuture<>());
    closing.readLock().lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      queue.add(waiting);
    } finally {
      closing.readLock().unlock();
    }
    try {
      return waiting.outcome.join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new StoreUnavailable("the write failed: " + cause.getMessage(), cause);
    }
  }

  private void run() {
    List<Waiting> together = new ArrayList<>();
    boolean ending = false;
    while (!ending) {
      try {
        together.add(queue.take());
      } catch (InterruptedException nobodyDoes) {
        continue;
      }
      queue.drainTo(together, BATCH - 1);
      ending = together.removeIf(waiting -> waiting.write == null);
      try {
        commit(together);
      } catch (SQLException | RuntimeException failed) {
        LOG.log(System.Logger.Level.WARNING, "writes failed: " + failed.getMessage());
        together.forEach(waiting -> waiting.outcome.completeExceptionally(failed));
      }
      together.clear();
    }
  }

  private void commit(List<Waiting> together) throws SQLException {
    settle();
    Batch batch = new Batch(timeline.now(), deadlines, clock.millis());
    List<Written> outcomes = new ArrayList<>(together.size());
    for (Waiting waiting : together) {
      if (waiting.write != null) {
        outcomes.add(batch.apply(waiting.write));
      }
    }
    if (!batch.changes().isEmpty()) {
      uncertain = batch;
      journal.commit(batch);
      uncertain = null;
      publish(batch);
    }
    for (int i = 0; i < outcomes.size(); i++) {
      together.get(i).outcome.complete(outcomes.get(i));
    }
  }

  /** Finds out what became of a batch whose commit failed. */
  private void settle() throws SQLException {
    Batch batch = uncertain;
    if (batch == null) {
      return;
    }
    long durable = journal.revision();
    if (durable == batch.revision()) {
      publish(batch);
    } else if (durable != timeline.now().revision()) {
      throw new IllegalStateException(
          "the disk is at revision " + durable + ", memory at " + timeline.now().revision());
    }
    uncertain = null;
  }

  private void publish(Batch batch) {
    batch.settleDeadlines();
    timeline.publish(batch, clock.millis());
  }

  @Override
  public void close() {
    closing.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        queue.add(new Waiting(null, new CompletableFuture<>()));
      }
    } finally {
      closing.writeLock().unlock();
    }
    try {
      thread.join();
      journal.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (SQLException harmless) {
      LOG.log(System.Logger.Level.WARNING, "the database did not close cleanly", harmless);
    }
  }
}
