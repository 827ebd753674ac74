package io.bulwark.cluster.platform.http;

import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The streams of one event loop that have something to send. They are served in turn, and after a
 * moment the loop looks at its sockets again before it goes on: so one change to a thousand
 * watchers keeps no request waiting until the last of them has it, and a stream whose turn has not
 * come gathers what happens meanwhile and sends it in one piece. Thread-safe.
 */
final class Outbox {
  /** How long requests wait for streams at most, roughly. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoop loop;
  private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  Outbox(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Has something sent on the event loop, after what was added before.
   *
   * @throws RejectedExecutionException if the event loop has ended
   */
  void add(Runnable send) {
    if (loop.isShutdown()) {
      throw new RejectedExecutionException("the event loop has ended");
    }
    ready.add(send);
    if (waiting.getAndIncrement() == 0) {
      loop.execute(this::serve);
    }
  }

  private void serve() {
    long end = System.nanoTime() + TURN_NANOS;
    do {
      Runnable next = ready.remove();
      try {
        next.run();
      } catch (RuntimeException bug) {
        Failures.unexpected("sending a stream", bug);
      }
      if (waiting.decrementAndGet() == 0) {
        return;
      }
    } while (System.nanoTime() - end < 0);
    // Not execute(): that runs before the loop looks at its sockets.
    loop.schedule(this::serve, 0, TimeUnit.NANOSECONDS);
  }
}
