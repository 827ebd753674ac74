package io.bulwark.cluster.apiserver.flow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The seats of one level and the queues before them. Each flow is dealt a hand of queues by its
 * name and waits in the shortest; queues are served in turn, so that a flow which floods its own
 * queues delays few others.
 */
final class Seats {
  private final PriorityLevel level;
  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ArrayDeque<Waiter>> queues = new ArrayList<>();
  private int taken;
  private int next;

  Seats(PriorityLevel level, int limit) {
    this.level = level;
    this.limit = limit;
    for (int i = 0; i < level.queues(); i++) {
      queues.add(new ArrayDeque<>());
    }
  }

  /** Whether a seat was given before the wait was over. */
  boolean take(String flow, Duration longestWait) {
    if (level.exempt()) {
      return true;
    }
    lock.lock();
    try {
      if (taken < limit) {
        taken++;
        return true;
      }
      if (queues.isEmpty()) {
        return false;
      }
      ArrayDeque<Waiter> queue = shortest(flow);
      return queue.size() < level.queueLength() && await(queue, longestWait);
    } finally {
      lock.unlock();
    }
  }

  private boolean await(ArrayDeque<Waiter> queue, Duration longestWait) {
    Waiter waiter = new Waiter(lock.newCondition());
    queue.add(waiter);
    long left = longestWait.toNanos();
    try {
      while (!waiter.seated && left > 0) {
        left = waiter.turn.awaitNanos(left);
      }
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
    if (!waiter.seated) {
      queue.remove(waiter);
    }
    return waiter.seated;
  }

  /** Gives a seat back, or passes it to whoever waits longest in the next queue. */
  void give() {
    if (level.exempt()) {
      return;
    }
    lock.lock();
    try {
      for (int i = 0; i < queues.size(); i++) {
        next = (next + 1) % queues.size();
        Waiter waiter = queues.get(next).poll();
        if (waiter != null) {
          waiter.seated = true;
          waiter.turn.signal();
          return;
        }
      }
      taken--;
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return queues.stream().mapToInt(ArrayDeque::size).sum();
    } finally {
      lock.unlock();
    }
  }

  private ArrayDeque<Waiter> shortest(String flow) {
    SplittableRandom hand = new SplittableRandom(flow.hashCode() * 0x9E3779B97F4A7C15L);
    ArrayDeque<Waiter> best = queues.get(hand.nextInt(queues.size()));
    for (int i = 1; i < level.handSize(); i++) {
      ArrayDeque<Waiter> candidate = queues.get(hand.nextInt(queues.size()));
      if (candidate.size() < best.size()) {
        best = candidate;
      }
    }
    return best;
  }

  private static final class Waiter {
    private final Condition turn;
    private boolean seated;

    private Waiter(Condition turn) {
      this.turn = turn;
    }
  }
}
