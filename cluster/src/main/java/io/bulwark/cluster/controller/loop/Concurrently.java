package io.bulwark.cluster.controller.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Runs several calls at once and waits for all of them. */
public final class Concurrently {
  private Concurrently() {}

  /**
   * @param done how many calls succeeded
   * @param begun how many calls were made
   * @param failure the first failure, or null
   */
  public record Outcome(int done, int begun, @Nullable Exception failure) {}

  /**
   * Calls in batches of 1, 2, 4, ... and stops after a batch in which one failed, so that what
   * fails for all does not fail a thousand times.
   */
  public static Outcome slowStart(int calls, Callable<?> call) throws InterruptedException {
    int done = 0;
    int begun = 0;
    Exception failure = null;
    for (int batch = 1; begun < calls && failure == null; batch *= 2) {
      int size = Math.min(batch, calls - begun);
      List<Callable<?>> same = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        same.add(call);
      }
      Outcome outcome = all(same);
      begun += size;
      done += outcome.done();
      failure = outcome.failure();
    }
    return new Outcome(done, begun, failure);
  }

  /** Makes all calls at once. */
  public static Outcome all(List<? extends Callable<?>> calls) throws InterruptedException {
    if (calls.size() == 1) {
      return one(calls.getFirst());
    }
    List<Future<?>> running = new ArrayList<>(calls.size());
    int done = 0;
    Exception failure = null;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Callable<?> call : calls) {
        running.add(threads.submit(call));
      }
      for (Future<?> future : running) {
        try {
          future.get();
          done++;
        } catch (ExecutionException failed) {
          if (failure == null) {
            failure = failed.getCause() instanceof Exception cause ? cause : failed;
          }
        }
      }
    }
    return new Outcome(done, calls.size(), failure);
  }

  private static Outcome one(Callable<?> call) throws InterruptedException {
    try {
      call.call();
      return new Outcome(1, 1, null);
    } catch (InterruptedException interrupted) {
      throw interrupted;
    } catch (Exception failed) {
      return new Outcome(0, 1, failed);
    }
  }
}
