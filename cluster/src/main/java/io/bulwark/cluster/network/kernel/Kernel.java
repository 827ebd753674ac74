package io.bulwark.cluster.network.kernel;

import java.util.List;

/** Runs one command that reads or changes network state. Thread-safe; blocks until it ends. */
public interface Kernel {
  /**
   * @param command program and arguments; never passed through a shell
   * @param input standard input; empty for none
   * @return standard output
   * @throws Refused if the command ends with an error
   */
  String run(List<String> command, String input);

  /** The kernel or the program said no; the message has the command and its own words. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Refused(String message) {
      super(message);
    }
  }
}
