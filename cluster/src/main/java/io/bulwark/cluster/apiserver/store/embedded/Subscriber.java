package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Store.Change;
import io.bulwark.cluster.apiserver.store.Store.Listener;
import io.bulwark.cluster.apiserver.store.Store.Subscription;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One watch. Whoever brings changes delivers them, unless another thread is already delivering:
 * then that thread goes on with them. So the listener sees one thread at a time, and a long replay
 * holds nobody up.
 */
final class Subscriber implements Subscription {
  private static final System.Logger LOG = System.getLogger(Subscriber.class.getName());

  private final String prefix;
  private final Listener listener;
  private final Runnable unregister;
  private final Queue<Batch> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger offered = new AtomicInteger();
  private final ReentrantLock delivering = new ReentrantLock();
  private volatile boolean closed;
  private long delivered;

  /** Changes in order, and the revision up to which there are no others. */
  record Batch(List<Change> changes, long revision) {}

  /**
   * @param after only changes with greater revisions are delivered
   */
  Subscriber(
      String prefix, long after, Listener listener, java.util.function.Consumer<Subscriber> gone) {
    this.prefix = prefix;
    this.delivered = after;
    this.listener = listener;
    this.unregister = () -> gone.accept(this);
  }

  String prefix() {
    return prefix;
  }

  /** Lets later offers queue up until {@link #deliver}; call before others know this watch. */
  void hold(Batch replay) {
    waiting.add(replay);
    offered.set(1);
  }

  void offer(Batch batch) {
    waiting.add(batch);
    if (offered.getAndIncrement() == 0) {
      deliver();
    }
  }

  void deliver() {
    do {
      Batch batch = waiting.remove();
      delivering.lock();
      try {
        deliver(batch);
      } catch (RuntimeException bug) {
        LOG.log(System.Logger.Level.ERROR, "the listener of a watch on " + prefix + " failed", bug);
        close();
      } finally {
        delivering.unlock();
      }
    } while (offered.decrementAndGet() > 0);
  }

  private void deliver(Batch batch) {
    for (Change change : batch.changes()) {
      if (closed) {
        return;
      }
      if (change.revision() > delivered && change.entry().key().startsWith(prefix)) {
        delivered = change.revision();
        listener.changed(change);
      }
    }
    if (!closed && batch.revision() >= delivered) {
      delivered = batch.revision();
      listener.progressed(batch.revision());
    }
  }

  @Override
  public void close() {
    closed = true;
    unregister.run();
    delivering.lock();
    delivering.unlock();
  }
}
