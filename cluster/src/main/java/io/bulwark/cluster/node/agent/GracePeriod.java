package io.bulwark.cluster.node.agent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The time that is left to containers that end; whoever is impatient shortens it. Thread-safe. */
public final class GracePeriod {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long end;

  public GracePeriod(Duration length) {
    end = System.nanoTime() + length.toNanos();
  }

  /** What is left, at least zero. */
  public Duration left() {
    lock.lock();
    try {
      return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    } finally {
      lock.unlock();
    }
  }

  /** Leaves at most this much from now on. */
  public void shorten(Duration left) {
    lock.lock();
    try {
      end = Math.min(end, System.nanoTime() + left.toNanos());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Leaves at least this much from now on. */
  public void extend(Duration left) {
    lock.lock();
    try {
      end = Math.max(end, System.nanoTime() + left.toNanos());
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is done, or until the time is over; tells whether it is done. */
  public boolean await(CompletableFuture<?> done) throws InterruptedException {
    done.whenComplete((result, failure) -> signal());
    lock.lock();
    try {
      while (!done.isDone()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
