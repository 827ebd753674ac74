package io.bulwark.cli;

import java.io.PrintStream;

/** Says what goes on: one changing line on a terminal, one line a step elsewhere. */
final class Progress {
  private final PrintStream out;
  private final boolean terminal;
  private final long begun = System.nanoTime();

  Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  static Progress standard() {
    return new Progress(System.err, System.console() != null && System.console().isTerminal());
  }

  void step(String what) {
    if (terminal) {
      out.printf("\r\u001b[K%5.1f s  %s", seconds(), what);
    } else {
      out.printf("%5.1f s  %s%n", seconds(), what);
    }
    out.flush();
  }

  /** Ends the changing line and prints what stays. */
  void done(String text) {
    if (terminal) {
      out.print("\r\u001b[K");
    }
    out.println(text);
    out.flush();
  }

  private double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }
}
