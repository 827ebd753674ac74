package io.bulwark.cluster.node.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of one pod's containers under way on a thread of its own, so that its worker can go on
 * reporting and can hear that the pod must end sooner. Thread-safe.
 */
public final class PodEnding {
  private final GracePeriod grace;
  private final Thread thread;
  private volatile boolean over;
  private volatile @Nullable RuntimeException failure;

  /** Ends the containers within a grace period. */
  interface Work {
    void run(GracePeriod grace) throws InterruptedException;
  }

  /**
   * @param told is run when the end has come or failed
   */
  PodEnding(String name, Duration length, Work work, Runnable told) {
    grace = new GracePeriod(length);
    thread =
        Thread.ofVirtual()
            .name("ending-" + name)
            .start(
                () -> {
                  try {
                    work.run(grace);
                  } catch (InterruptedException closing) {
                    return;
                  } catch (RuntimeException failed) {
                    failure = failed;
                  }
                  over = true;
                  told.run();
                });
  }

  void shorten(Duration left) {
    grace.shorten(left);
  }

  boolean over() {
    return over;
  }

  /** Why the end failed, or null. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  /** Stops waiting for containers to end; they go on as they are. */
  void close() {
    thread.interrupt();
  }
}
