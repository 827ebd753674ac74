package io.bulwark.cluster.image.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Feeds changed inputs to parsers, one after another, and remembers how far it came. A fault is
 * anything but an IOException: another failure, a stack or a heap that is full, and an input that
 * takes more than five seconds of processor time, which ends the program. What caused one is saved.
 *
 * <p>Arguments: {@code [--parser NAME[,NAME...]] [--inputs N] [--seed N] [--state DIRECTORY]
 * [--again] [--list] [--table]}.
 */
public final class Fuzz {
  private static final long LONGEST_NANOS = 5_000_000_000L;
  private static final int STEP = 50_000;
  private static final int MOST_FAULTS = 100;

  private final Target target;
  private final Path state;
  private final Progress progress;
  private final Set<String> kinds = new HashSet<>();
  private volatile long number;
  private volatile boolean done;

  private Fuzz(Target target, Path state, Progress progress) {
    this.target = target;
    this.state = state;
    this.progress = progress;
  }

  public static void main(String[] arguments) throws Exception {
    Options options = Options.of(arguments);
    if (options.table()) {
      System.out.print(Progress.table(options.state(), Targets.all()));
      return;
    }
    List<Target> wanted = Targets.all().stream().filter(one -> options.wants(one.name())).toList();
    if (wanted.isEmpty()) {
      System.err.println("no such parser; --list names them");
      System.exit(2);
    }
    boolean clean = true;
    for (Target target : wanted) {
      if (options.list()) {
        System.out.println(target.name());
        continue;
      }
      Progress progress =
          options.again()
              ? Progress.fresh(target.name(), options.seed())
              : Progress.of(options.state(), target.name(), options.seed());
      Fuzz fuzz = new Fuzz(target, options.state(), progress);
      fuzz.run(options.inputs());
      System.out.println(fuzz.progress.line());
      clean &= fuzz.progress.faults() == 0;
    }
    System.exit(clean ? 0 : 1);
  }

  /** Runs one parser in memory; the faults that it has. */
  static long faults(Target target, long inputs, long seed) throws IOException {
    Path state = Files.createTempDirectory("fuzz");
    Fuzz fuzz = new Fuzz(target, state, Progress.fresh(target.name(), seed));
    fuzz.run(inputs);
    return fuzz.progress.faults();
  }

  private void run(long inputs) throws IOException {
    Thread worker = Thread.currentThread();
    Thread watch = Thread.ofPlatform().daemon().name("fuzz-watch").start(() -> watch(worker));
    try {
      while (progress.inputs() < inputs && progress.faults() < MOST_FAULTS) {
        long end = Math.min(inputs, progress.inputs() + STEP);
        long begun = System.nanoTime();
        long refused = step(progress.inputs(), end);
        progress.add(end, refused, System.nanoTime() - begun);
        progress.write(state);
      }
    } finally {
      done = true;
      watch.interrupt();
    }
  }

  private long step(long from, long end) throws IOException {
    long refused = 0;
    for (long i = from; i < end; i++) {
      number = i;
      byte[] input = Mutation.of(target, progress.seed(), i);
      try {
        target.parser().parse(input);
      } catch (IOException expected) {
        refused++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError broken) {
        fault(i, input, broken);
      }
    }
    return refused;
  }

  private void fault(long at, byte[] input, Throwable broken) throws IOException {
    progress.fault();
    Path saved = save(at, input);
    StackTraceElement[] trace = broken.getStackTrace();
    if (kinds.add(broken.getClass() + " " + (trace.length > 0 ? trace[0] : ""))) {
      System.err.println(target.name() + " broke on " + saved);
      broken.printStackTrace();
    }
  }

  private Path save(long at, byte[] input) throws IOException {
    Path faults = Files.createDirectories(state.resolve("faults"));
    Path saved = faults.resolve("%s-%d-%d".formatted(target.name(), progress.seed(), at));
    return Files.write(saved, input);
  }

  /** Ends the program when one input takes too long. */
  private void watch(Thread worker) {
    var threads = ManagementFactory.getThreadMXBean();
    long seen = -1;
    long since = 0;
    while (!done) {
      long at = number;
      long used = threads.getThreadCpuTime(worker.threadId());
      if (at != seen) {
        seen = at;
        since = used;
      } else if (used - since > LONGEST_NANOS) {
        try {
          progress.fault();
          progress.write(state);
          System.err.println(
              "%s takes too long for %s"
                  .formatted(target.name(), save(at, Mutation.of(target, progress.seed(), at))));
          for (StackTraceElement frame : worker.getStackTrace()) {
            System.err.println("\tat " + frame);
          }
        } catch (IOException unsaved) {
          System.err.println("cannot save it: " + unsaved);
        }
        Runtime.getRuntime().halt(3);
      }
      try {
        Thread.sleep(500);
      } catch (InterruptedException ended) {
        return;
      }
    }
  }
}
