package io.bulwark.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Starts work at a fixed rate, whether earlier work has ended or not, and times each piece. */
final class Pace {
  private static final long LIMIT_SECONDS = 300;

  private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param perSecond how many pieces begin in a second
   * @param work blocks until the piece with this number is done
   */
  void run(int count, int perSecond, IntConsumer work) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(count);
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = begin + TimeUnit.SECONDS.toNanos(1) * i / perSecond;
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      int number = i;
      Thread.startVirtualThread(
          () -> {
            long start = System.nanoTime();
            work.accept(number);
            millis.add((System.nanoTime() - start) / 1e6);
            done.countDown();
          });
    }
    if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(done.getCount() + " of " + count + " did not end");
    }
  }

  /** A quantile from 0 to 1, in milliseconds. */
  double at(double quantile) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return sorted.get((int) Math.round(quantile * (sorted.size() - 1)));
  }
}
