package io.bulwark.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Workers on virtual threads that take keys from a {@link WorkQueue} and reconcile them.
 * Thread-safe.
 */
public final class ControllerLoop<K> implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ControllerLoop.class.getName());

  private final String name;
  private final int workers;
  private final Reconciler<K> reconciler;
  private final WorkQueue<K> queue;
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param workers how many keys are worked on at once, at least 1
   */
  public ControllerLoop(String name, int workers, Reconciler<K> reconciler) {
    this(name, workers, reconciler, new WorkQueue<>());
  }

  public ControllerLoop(String name, int workers, Reconciler<K> reconciler, WorkQueue<K> queue) {
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1");
    }
    this.name = name;
    this.workers = workers;
    this.reconciler = reconciler;
    this.queue = queue;
  }

  public WorkQueue<K> queue() {
    return queue;
  }

  /** Has the key reconciled soon; at most one worker has it at a time. */
  public void add(K key) {
    queue.add(key);
  }

  /** Has the key reconciled after a delay; an earlier one that is pending wins. */
  public void addAfter(K key, Duration delay) {
    queue.addAfter(key, delay);
  }

  public synchronized void start() {
    for (int i = 0; i < workers && threads.size() < workers; i++) {
      threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
    }
  }

  private void work() {
    try {
      K key;
      while ((key = queue.take()) != null) {
        try {
          reconcile(key);
        } finally {
          queue.done(key);
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void reconcile(K key) throws InterruptedException {
    try {
      @Nullable Duration next = reconciler.reconcile(key);
      queue.forget(key);
      if (next != null) {
        queue.addAfter(key, next);
      }
    } catch (InterruptedException closed) {
      throw closed;
    } catch (ApiException refused) {
      // Conflicts and absences are the everyday race with other writers: the next try sees them.
      LOG.log(System.Logger.Level.DEBUG, () -> name + ": " + key + ": " + refused.getMessage());
      queue.addRateLimited(key);
    } catch (Exception failed) {
      LOG.log(System.Logger.Level.WARNING, name + ": " + key, failed);
      queue.addRateLimited(key);
    }
  }

  /** Lets no further key begin, interrupts the workers and waits for them. */
  @Override
  public synchronized void close() {
    queue.close();
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    threads.clear();
  }
}
