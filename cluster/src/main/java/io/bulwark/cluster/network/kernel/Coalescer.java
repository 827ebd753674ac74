package io.bulwark.cluster.network.kernel;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs one piece of work after changes: at once for a single change, once for a burst of them,
 * again after a pause where it failed, and now and then to repair what others changed. Thread-safe.
 */
public final class Coalescer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Coalescer.class.getName());
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Runnable work;
  private final long repairNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean dirty;
  private boolean closed;

  /**
   * @param repair longest time between two runs
   */
  public Coalescer(String name, Duration repair, Runnable work) {
    this.work = work;
    this.repairNanos = repair.toNanos();
    this.thread = Thread.ofVirtual().name(name).unstarted(this::loop);
  }

  public void start() {
    thread.start();
  }

  /** Asks for a run; returns at once. */
  public void wake() {
    lock.lock();
    try {
      dirty = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    long wait = repairNanos;
    while (await(wait)) {
      try {
        work.run();
        wait = repairNanos;
      } catch (RuntimeException failed) {
        LOG.log(System.Logger.Level.WARNING, thread.getName() + ": " + failed.getMessage());
        wait = RETRY.toNanos();
      }
    }
  }

  /** False when closed; otherwise a run is due. */
  private boolean await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!dirty && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      dirty = false;
      return !closed;
    } catch (InterruptedException ended) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread, after a run that is under way. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
